package io.landbridge.schema;

import io.landbridge.jdbc.Database;
import java.sql.PreparedStatement;
import java.sql.ResultSet;

/** How much memory an index build may take: the server's own settings tell what it was given. */
final class MaintenanceMemory {

    private static final long MOST_KILOBYTES = 2L * 1024 * 1024;

    private MaintenanceMemory() {}

    /** All builds together may take half of what shared_buffers is. */
    static long kilobytes(Database target, int workers) {
        return target.with(
                "reading shared_buffers",
                connection -> {
                    try (PreparedStatement query =
                                    connection.prepareStatement(
                                            "select setting::int8"
                                                    + " * current_setting('block_size')::int8 / 1024"
                                                    + " from pg_settings where name ="
                                                    + " 'shared_buffers'");
                            ResultSet row = query.executeQuery()) {
                        row.next();
                        return Math.min(MOST_KILOBYTES, row.getLong(1) / 2 / workers);
                    }
                });
    }
}
