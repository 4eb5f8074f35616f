package io.landbridge.target;

import java.sql.SQLException;
import java.util.StringJoiner;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Says why a row was refused, in the server's names and without the row's values. */
public final class Refusal {

    private Refusal() {}

    /** SQLSTATE and, as far as the server names them, constraint, column and type. */
    public static String describe(SQLException error) {
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
