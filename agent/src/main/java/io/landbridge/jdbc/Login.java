package io.landbridge.jdbc;

import io.landbridge.config.Secret;
import java.sql.Connection;
import java.sql.SQLException;

/** Connections that are tried once more when a rotated password was the reason for a refusal. */
final class Login {

    /** invalid_authorization_specification, as both PostgreSQL and MySQL have it. */
    private static final String REFUSED = "28";

    private Login() {}

    /** A way to a connection that uses the password's present value. */
    @FunctionalInterface
    interface Opening {
        Connection open() throws SQLException;
    }

    /** Opens one; {@code password} is read anew when the server refuses the login. */
    static Connection with(Secret password, Opening opening) throws SQLException {
        String tried = password.reveal();
        try {
            return opening.open();
        } catch (SQLException e) {
            String state = e.getSQLState();
            boolean refused = state != null && state.startsWith(REFUSED);
            if (!refused || !password.refresh(tried)) {
                throw e;
            }
            return opening.open();
        }
    }
}
