package io.landbridge.testkit;

import io.landbridge.config.DatabaseConfig;
import io.landbridge.jdbc.MysqlDatabase;
import io.landbridge.jdbc.Side;
import java.sql.Connection;
import java.sql.SQLException;

/** One database on a {@link MysqlServer}, with short ways to run SQL as a user with every right. */
public record MysqlTestDatabase(MysqlServer server, String name) implements SqlAccess {

    public DatabaseConfig config() {
        return server.config(name);
    }

    /** The product's way in; close it. */
    public MysqlDatabase open(Side side) {
        return new MysqlDatabase(config(), side);
    }

    @Override
    public Connection connect() throws SQLException {
        return server.connect(name);
    }
}
