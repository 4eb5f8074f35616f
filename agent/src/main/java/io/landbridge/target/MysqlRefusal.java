package io.landbridge.target;

import com.mysql.cj.jdbc.exceptions.PacketTooBigException;
import io.landbridge.fault.FaultCode;
import io.landbridge.schema.mysql.back.ValueRefused;
import io.landbridge.target.Refusal.Verdict;
import java.sql.SQLException;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What MySQL's errors mean, by number and SQLSTATE.
 *
 * @see <a href="https://dev.mysql.com/doc/mysql-errors/8.0/en/server-error-reference.html">MySQL's
 *     errors</a>
 */
final class MysqlRefusal {

    /** Lock wait timeout, deadlock, NOWAIT. */
    private static final Set<Integer> CONTENTION = Set.of(1205, 1213, 3572);

    /**
     * Rights (1044, 1142, 1143, 1227, 1370) and a server or table that is read-only for now (1290,
     * 1792, 1836, and 1644, which a trigger raises): an operator's doing, or a fence's.
     */
    private static final Set<Integer> PASSING =
            Set.of(1044, 1142, 1143, 1227, 1370, 1290, 1644, 1792, 1836);

    /** A row of that key is there already. */
    private static final Set<Integer> DUPLICATE = Set.of(1022, 1062, 1169, 1586);

    /**
     * Of a row, without an SQLSTATE that would say so: cut off (1265), no default (1364),
     * characters or numbers that don't fit (1366), a value out of a function's range (1411),
     * collations that don't mix since a character is not there (1267), no partition for it (1526,
     * 1748), a shape (1416, 3037, 3643), JSON (3140, 3141, 3157), a CHECK (3819), a row too large
     * (1118, 139).
     */
    private static final Set<Integer> OF_A_ROW =
            Set.of(
                    139, 1118, 1265, 1267, 1364, 1366, 1411, 1416, 1526, 1748, 3037, 3140, 3141,
                    3157, 3643, 3819);

    /** How MySQL's messages end where they name a column or an index; values stand before. */
    private static final Pattern NAMED =
            Pattern.compile("(column|key) '([^']+)'(?: at row [0-9]+)?\\.?$");

    private MysqlRefusal() {}

    static Refusal of(SQLException error) {
        if (error instanceof ValueRefused) {
            return new Refusal(Verdict.REFUSED, FaultCode.VALUE_UNSUPPORTED, error.getMessage());
        }
        if (error instanceof PacketTooBigException) {
            return new Refusal(
                    Verdict.REFUSED,
                    FaultCode.VALUE_UNSUPPORTED,
                    "a row is larger than MySQL's max_allowed_packet");
        }
        return new Refusal(verdict(error), code(error), describe(error));
    }

    private static Verdict verdict(SQLException error) {
        int number = error.getErrorCode();
        if (CONTENTION.contains(number)) {
            return Verdict.CONTENTION;
        }
        if (PASSING.contains(number)) {
            return Verdict.RETRY;
        }
        String state = error.getSQLState() == null ? "" : error.getSQLState();
        boolean refused =
                DUPLICATE.contains(number)
                        || OF_A_ROW.contains(number)
                        || state.startsWith("21")
                        || state.startsWith("22")
                        || state.startsWith("23")
                        || state.startsWith("42");
        return refused ? Verdict.REFUSED : Verdict.RETRY;
    }

    private static FaultCode code(SQLException error) {
        if (DUPLICATE.contains(error.getErrorCode())) {
            return FaultCode.DIVERGENCE;
        }
        String state = error.getSQLState() == null ? "" : error.getSQLState();
        return state.startsWith("42") ? FaultCode.SOURCE_DDL : FaultCode.VALUE_UNSUPPORTED;
    }

    /** The message decides nothing; what it says of a row's values is left out. */
    private static String describe(SQLException error) {
        String text = "MySQL's error " + error.getErrorCode() + ", SQLSTATE " + error.getSQLState();
        Matcher named = NAMED.matcher(String.valueOf(error.getMessage()));
        return named.find() ? text + ", " + named.group(1) + " " + named.group(2) : text;
    }
}
