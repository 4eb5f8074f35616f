package io.landbridge.load;

import io.landbridge.change.TableId;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.schema.Column;
import io.landbridge.schema.Table;
import io.landbridge.schema.WireTypes;
import io.landbridge.source.CopyReader;
import io.landbridge.target.PostgresCopyWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How one table is copied.
 *
 * @param source the table there
 * @param whole whether all its rows must be of one moment, which is then recorded: because it has
 *     no key by which the log could put right a mixture of moments
 * @param target its name at the target
 * @param columns those that are written, by name, the same on both sides
 * @param binary whether every one of them can go in binary
 */
record TableCopy(
        Table source, boolean whole, TableId target, List<String> columns, boolean binary) {

    /**
     * Matches columns by name; generated ones are left to the database that generates them.
     *
     * @throws Fault when the target lacks a column
     */
    static TableCopy of(
            Table source,
            boolean whole,
            Optional<WireTypes> sourceTypes,
            Table target,
            WireTypes targetTypes) {
        Map<String, Column> there =
                target.columns().stream()
                        .collect(Collectors.toMap(Column::name, Function.identity()));
        List<String> columns = new ArrayList<>();
        boolean binary = true;
        for (Column column : source.writtenColumns()) {
            Column match = there.get(column.name());
            if (match == null) {
                throw Fault.of(FaultCode.TARGET_SQL, "the target lacks column " + column.name())
                        .in(source.id())
                        .hint("add the column to the target, or let landbridge create the table");
            }
            if (!match.generated()) {
                columns.add(column.name());
                binary &=
                        sourceTypes
                                .filter(t -> t.sameBinary(column.type(), targetTypes, match.type()))
                                .isPresent();
            }
        }
        return new TableCopy(source, whole, target.id(), List.copyOf(columns), binary);
    }

    CopyReader.Request read(Chunk chunk) {
        return new CopyReader.Request(
                source.id(),
                chunk.relation(),
                chunk.only(),
                columns,
                source.key(),
                chunk.range(),
                binary);
    }

    String write() {
        return PostgresCopyWriter.statement(target, columns, binary);
    }
}
