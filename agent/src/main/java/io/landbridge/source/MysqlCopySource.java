package io.landbridge.source;

import io.landbridge.change.TableId;
import io.landbridge.jdbc.MysqlDatabase;
import io.landbridge.schema.WireTypes;
import io.landbridge.schema.mysql.MappedTable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A MySQL database that rows are loaded from, as text in COPY's format. */
public final class MysqlCopySource implements CopySource {

    private final MysqlDatabase source;
    private final Map<TableId, MappedTable> tables;

    /**
     * @param tables those that will be read
     */
    public MysqlCopySource(MysqlDatabase source, List<MappedTable> tables) {
        this.source = source;
        this.tables =
                tables.stream()
                        .collect(Collectors.toMap(MappedTable::sourceId, Function.identity()));
    }

    @Override
    public CopyReader reader(String purpose) {
        return new MysqlCopyReader(source, tables, purpose);
    }

    @Override
    public Optional<WireTypes> wireTypes() {
        return Optional.empty();
    }

    @Override
    public TableCutter cutter() {
        return new MysqlCutter(source, tables);
    }
}
