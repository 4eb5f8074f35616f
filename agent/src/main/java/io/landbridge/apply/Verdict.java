package io.landbridge.apply;

import java.sql.SQLException;

/**
 * What an SQL error means for the batch that met it, by SQLSTATE.
 *
 * @see <a href="https://www.postgresql.org/docs/17/errcodes-appendix.html">PostgreSQL's codes</a>
 */
enum Verdict {
    /** It may pass by itself or by an operator's doing: try the same again later. */
    RETRY,
    /** Two workers may stand in each other's way: the source's order settles it. */
    CONTENTION,
    /** What is to be written does not fit what is there: the source's order tells which row. */
    REFUSED;

    static Verdict of(SQLException error) {
        String state = error.getSQLState() == null ? "" : error.getSQLState();
        return switch (state) {
            case "40P01", "55P03" -> CONTENTION;
            case "42501" -> RETRY;
            // A TRUNCATE of a table that another refers to.
            case "0A000" -> REFUSED;
            default ->
                    state.startsWith("21")
                                    || state.startsWith("22")
                                    || state.startsWith("23")
                                    || state.startsWith("42")
                                    || state.equals("428C9")
                            ? REFUSED
                            : RETRY;
        };
    }
}
