package io.landbridge.target;

import io.landbridge.change.TableId;
import io.landbridge.change.TableLayout;
import io.landbridge.schema.mysql.MappedColumn;
import io.landbridge.schema.mysql.MappedTable;
import io.landbridge.schema.mysql.MysqlColumn;
import io.landbridge.schema.mysql.MysqlIndex;
import io.landbridge.schema.mysql.MysqlSql;
import java.sql.Connection;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A table of MySQL as changes of its copy in PostgreSQL are written to it: its columns go by the
 * names that PostgreSQL gives them.
 *
 * @param mapped both tables, and how values get from one to the other
 * @param passedOver columns that only PostgreSQL has
 */
public record MysqlTargetTable(MappedTable mapped, Set<String> passedOver) implements TargetTable {

    /** Of texts, collations under which texts are equal only when all their characters are. */
    private static final Set<String> EXACT_COLLATIONS = Set.of("binary", "utf8mb4_0900_bin");

    public MysqlTargetTable {
        passedOver = Set.copyOf(passedOver);
    }

    @Override
    public TableId id() {
        return mapped.sourceId();
    }

    /** The column that PostgreSQL calls so; empty for one that only PostgreSQL has. */
    Optional<MappedColumn> column(String name) {
        return mapped.columns().stream().filter(column -> column.name().equals(name)).findFirst();
    }

    /** Columns that are written, by the name that PostgreSQL gives them. */
    Map<String, MappedColumn> written() {
        Map<String, MappedColumn> written = new HashMap<>();
        for (MappedColumn column : mapped.columns()) {
            if (!column.source().isGenerated()) {
                written.put(column.name(), column);
            }
        }
        return written;
    }

    @Override
    public boolean has(String column) {
        return passedOver.contains(column) || column(column).isPresent();
    }

    @Override
    public MysqlTargetTable passingOver(Collection<String> absent) {
        Set<String> all = new HashSet<>(passedOver);
        absent.stream().filter(name -> column(name).isEmpty()).forEach(all::add);
        return new MysqlTargetTable(mapped, all);
    }

    @Override
    public boolean rowsCollide(Collection<String> key) {
        return key.stream().anyMatch(name -> column(name).filter(this::isExact).isEmpty())
                || mapped.source().indexes().stream()
                        .filter(MysqlIndex::unique)
                        .anyMatch(index -> !implies(index, Set.copyOf(key)));
    }

    private boolean implies(MysqlIndex index, Set<String> key) {
        return index.isOverWholeColumns()
                && index.columns().stream()
                        .map(column -> mapped.ofSource(column).name())
                        .collect(Collectors.toSet())
                        .containsAll(key);
    }

    /** Whether two of the column's values are equal only when PostgreSQL's texts of them are. */
    private boolean isExact(MappedColumn column) {
        MysqlColumn source = column.source();
        return switch (source.dataType()) {
            case "float", "double", "json" -> false;
            default -> !source.isText() || EXACT_COLLATIONS.contains(source.collation());
        };
    }

    @Override
    public MysqlRowWriter writer(Connection connection, TableLayout layout) {
        return new MysqlRowWriter(connection, this, layout);
    }

    /**
     * The table in a statement that finds rows by {@code key}: through the index over it, since a
     * scan would wait for rows that others write.
     */
    String through(Collection<String> key) {
        return MysqlSql.quote(id())
                + " AS t"
                + index(key).map(name -> " FORCE INDEX (" + MysqlSql.quote(name) + ")").orElse("");
    }

    private Optional<String> index(Collection<String> key) {
        List<MysqlIndex> unique =
                mapped.source().indexes().stream()
                        .filter(MysqlIndex::unique)
                        .filter(MysqlIndex::visible)
                        .filter(MysqlIndex::isOverWholeColumns)
                        .toList();
        return unique.stream()
                .filter(
                        index ->
                                index.columns().stream()
                                        .map(column -> mapped.ofSource(column).name())
                                        .collect(Collectors.toSet())
                                        .equals(Set.copyOf(key)))
                .map(MysqlIndex::name)
                .findFirst();
    }
}
