package io.landbridge.demo;

import io.landbridge.config.DatabaseConfig;
import io.landbridge.testkit.PostgresServer;
import io.landbridge.testkit.RowsOf;
import io.landbridge.testkit.SqlAccess;
import io.landbridge.testkit.TestDatabase;
import io.landbridge.testkit.WriterTransaction;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** A shop at PostgreSQL 14. */
final class PostgresShop implements Shop {

    private final PostgresServer server;
    private final TestDatabase database;
    private final int rows;

    PostgresShop(int rows) throws IOException {
        this.rows = rows;
        this.server = PostgresServer.start(14, Map.of("max_wal_size", "4GB"));
        this.database = server.createDatabase("shop");
        try (InputStream in =
                PostgresShop.class.getClassLoader().getResourceAsStream("demo/shop.sql")) {
            database.execute(
                    "SET demo.rows = '" + rows + "'",
                    new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Override
    public DatabaseConfig source() {
        return database.config();
    }

    @Override
    public List<WriterTransaction> transactions() {
        return new ShopTransactions(rows).all();
    }

    @Override
    public String yaml() {
        return "";
    }

    @Override
    public List<RowsOf.Comparison> compare(Connection target) throws SQLException {
        try (Connection source = RowsOf.snapshot(database.config())) {
            return RowsOf.compare(source, target, RowsOf.tables(database.config()));
        }
    }

    @Override
    public SqlAccess receipts() {
        return database;
    }

    @Override
    public void close() {
        server.close();
    }
}
