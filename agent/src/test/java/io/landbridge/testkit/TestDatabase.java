package io.landbridge.testkit;

import io.landbridge.config.DatabaseConfig;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.Side;
import java.sql.Connection;
import java.sql.SQLException;

/** One database on a {@link PostgresServer}, with short ways to run SQL as its superuser. */
public record TestDatabase(PostgresServer server, String name) implements SqlAccess {

    public String url() {
        return server.url(name);
    }

    public DatabaseConfig config() {
        return server.config(name);
    }

    /** The product's way in; close it. */
    public Database open(Side side) {
        return new Database(config(), side);
    }

    @Override
    public Connection connect() throws SQLException {
        return server.connect(name);
    }
}
