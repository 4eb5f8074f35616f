package io.landbridge.demo;

import io.landbridge.config.DatabaseConfig;
import io.landbridge.testkit.RowsOf;
import io.landbridge.testkit.SqlAccess;
import io.landbridge.testkit.WriterTransaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** What moves in a demonstration: filled, and on a server of its own that ends with it. */
interface Shop extends AutoCloseable {

    DatabaseConfig source();

    /** What its customers and staff do, on either side. */
    List<WriterTransaction> transactions();

    /** Sections of the agent's configuration. */
    String yaml();

    /** All tables of both sides, by code that the agent has no part in. */
    List<RowsOf.Comparison> compare(Connection target) throws SQLException;

    /** Where the source keeps what customers were told is done. */
    SqlAccess receipts();

    @Override
    void close();
}
