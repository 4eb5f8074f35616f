package io.landbridge.phase;

import io.landbridge.capture.binlog.TableGrowth;
import io.landbridge.change.TableId;
import io.landbridge.config.MappingConfig;
import io.landbridge.jdbc.Database;
import io.landbridge.schema.Sql;
import io.landbridge.schema.mysql.AddedColumn;
import io.landbridge.schema.mysql.MappedColumn;
import io.landbridge.schema.mysql.MappedTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds to the target's tables what is added to MySQL's. The target has a column a little before the
 * stream does: rows of before get its default there, as they got it at MySQL. Called by the
 * capture's thread.
 */
final class MysqlGrowth implements TableGrowth {

    private static final Logger LOG = LoggerFactory.getLogger(MysqlGrowth.class);

    private final Function<TableId, Optional<MappedTable>> mapped;
    private final Database target;
    private final MappingConfig config;
    private final ColumnBook columns;
    private final Runnable grown;

    /**
     * @param mapped a table as it is now, by its name at MySQL
     * @param grown told after a table has got columns
     */
    MysqlGrowth(
            Function<TableId, Optional<MappedTable>> mapped,
            Database target,
            MappingConfig config,
            ColumnBook columns,
            Runnable grown) {
        this.mapped = mapped;
        this.target = target;
        this.config = config;
        this.columns = columns;
        this.grown = grown;
    }

    @Override
    public boolean follows() {
        return true;
    }

    /**
     * All columns that the table has by now are added, also those that the log tells of later.
     *
     * @throws io.landbridge.fault.Fault TARGET_LOCK_TIMEOUT and the like, which pass
     */
    @Override
    public Optional<MappedTable> added(TableId table, List<String> names) {
        Optional<MappedTable> now = mapped.apply(table).filter(columns::knowsBeginOf);
        if (now.isEmpty() || !names.stream().allMatch(name -> has(now.get(), name))) {
            return Optional.empty();
        }
        List<String> additions = new ArrayList<>();
        List<MappedColumn> all = now.get().columns();
        for (MappedColumn column : all.subList(columns.known(table), all.size())) {
            Optional<String> ddl = AddedColumn.ddl(now.get(), column, config);
            if (ddl.isEmpty()) {
                return Optional.empty();
            }
            additions.add("ADD COLUMN IF NOT EXISTS " + ddl.get());
        }
        if (!additions.isEmpty()) {
            target.inTransaction(
                    "adding columns to " + now.get().targetId(),
                    connection -> add(connection, now.get(), additions));
            columns.write(now.get());
            grown.run();
            LOG.info("table {} got columns: {}", table, additions);
        }
        return mapped.apply(table);
    }

    private static boolean has(MappedTable table, String name) {
        return table.columns().stream()
                .anyMatch(column -> column.source().name().equalsIgnoreCase(name));
    }

    /** The applier's transactions are short; who waits longer than this tries again. */
    private static Void add(Connection connection, MappedTable table, List<String> additions)
            throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL lock_timeout = '5s'");
            statement.execute(
                    "ALTER TABLE "
                            + Sql.quote(table.targetId())
                            + " "
                            + String.join(", ", additions));
        }
        return null;
    }
}
