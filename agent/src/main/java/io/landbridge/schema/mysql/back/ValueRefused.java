package io.landbridge.schema.mysql.back;

import java.sql.SQLException;

/**
 * A value of PostgreSQL that a column of MySQL can't hold as it is; found before it is sent. An
 * SQLException, as if the server had refused it. Carries no value.
 */
public final class ValueRefused extends SQLException {

    /** SQLSTATE: data exception. */
    private static final String DATA = "22000";

    ValueRefused(String column, String why) {
        super("column " + column + ": " + why, DATA);
    }
}
