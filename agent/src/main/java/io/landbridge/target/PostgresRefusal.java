package io.landbridge.target;

import io.landbridge.fault.FaultCode;
import io.landbridge.target.Refusal.Verdict;
import java.sql.SQLException;
import java.util.StringJoiner;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * What PostgreSQL's errors mean, by SQLSTATE.
 *
 * @see <a href="https://www.postgresql.org/docs/17/errcodes-appendix.html">PostgreSQL's codes</a>
 */
final class PostgresRefusal {

    private PostgresRefusal() {}

    static Refusal of(SQLException error) {
        String state = error.getSQLState() == null ? "" : error.getSQLState();
        return new Refusal(verdict(state), code(state), describe(error));
    }

    private static Verdict verdict(String state) {
        return switch (state) {
            case "40P01", "55P03" -> Verdict.CONTENTION;
            case "42501" -> Verdict.RETRY;
            // A TRUNCATE of a table that another refers to.
            case "0A000" -> Verdict.REFUSED;
            default ->
                    state.startsWith("21")
                                    || state.startsWith("22")
                                    || state.startsWith("23")
                                    || state.startsWith("42")
                                    || state.equals("428C9")
                            ? Verdict.REFUSED
                            : Verdict.RETRY;
        };
    }

    private static FaultCode code(String state) {
        if (state.startsWith("42")) {
            return FaultCode.SOURCE_DDL;
        }
        return state.equals("23505") || state.equals("23P01")
                ? FaultCode.DIVERGENCE
                : FaultCode.VALUE_UNSUPPORTED;
    }

    /** SQLSTATE and, as far as the server names them, constraint, column and type. */
    private static String describe(SQLException error) {
        StringJoiner text = new StringJoiner(", ").add("SQLSTATE " + error.getSQLState());
        ServerErrorMessage server =
                error instanceof PSQLException refused ? refused.getServerErrorMessage() : null;
        if (server != null) {
            add(text, "constraint ", server.getConstraint());
            add(text, "column ", server.getColumn());
            add(text, "type ", server.getDatatype());
            add(text, "reported by ", server.getRoutine());
        }
        return text.toString();
    }

    private static void add(StringJoiner text, String name, String value) {
        if (value != null) {
            text.add(name + value);
        }
    }
}
