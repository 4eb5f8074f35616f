package io.landbridge.source;

import io.landbridge.change.TableId;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.SqlFaults;
import io.landbridge.schema.Table;
import io.landbridge.schema.WireTypes;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A PostgreSQL database that rows are loaded from. */
public final class PostgresCopySource implements CopySource {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresCopySource.class);

    private final Database source;

    public PostgresCopySource(Database source) {
        this.source = source;
    }

    @Override
    public CopyReader reader(String purpose) {
        return new PostgresCopyReader(source, purpose);
    }

    @Override
    public Optional<WireTypes> wireTypes() {
        return Optional.of(source.with("its types", WireTypes::read));
    }

    @Override
    public TableCutter cutter() {
        // A connection of its own: the pool gives one up after errors that are expected here.
        Connection connection = source.open("load plan");
        return new TableCutter() {

            @Override
            public Map<TableId, List<TablePart>> parts(List<Table> tables, Predicate<Table> whole) {
                try {
                    return PostgresParts.read(connection, tables, whole);
                } catch (SQLException e) {
                    throw source.fault("the planning of the load", e);
                }
            }

            @Override
            public List<KeyRange> ranges(Table table, TablePart part, int pieces) {
                try {
                    return cut(connection, table, part, pieces);
                } catch (SQLException e) {
                    throw source.fault("the planning of the load", e);
                }
            }

            @Override
            public void close() {
                try {
                    connection.close();
                } catch (SQLException e) {
                    throw source.fault("the end of a connection", e);
                }
            }
        };
    }

    private static List<KeyRange> cut(
            Connection connection, Table table, TablePart part, int pieces) throws SQLException {
        try {
            return PostgresKeys.ranges(connection, part, table.key(), pieces);
        } catch (SQLException e) {
            if (SqlFaults.isConnectionLost(e) || connection.isClosed()) {
                throw e;
            }
            LOG.warn(
                    "{} is copied as one chunk, since its key can't be cut into ranges [{}]: {}",
                    part.relation(),
                    e.getSQLState(),
                    e.getMessage());
            return List.of(KeyRange.ALL);
        }
    }
}
