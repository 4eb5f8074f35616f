package io.landbridge.capture.binlog;

import com.github.shyiko.mysql.binlog.event.TableMapEventData;
import io.landbridge.change.RowImage;
import io.landbridge.change.TableLayout;
import io.landbridge.fault.FaultCode;
import io.landbridge.schema.mysql.MappedColumn;
import io.landbridge.schema.mysql.MappedTable;
import java.util.ArrayList;
import java.util.List;

/** A table whose rows follow in the log, and how each of its columns is read. */
final class LoggedTable {

    private final TableLayout layout;
    private final List<ColumnType> types;
    private final List<String> names;

    /** For each column of the log its place in the layout; -1 where nobody wants it. */
    private final int[] places;

    private final ValueReader[] readers;

    private LoggedTable(
            TableLayout layout,
            List<ColumnType> types,
            List<String> names,
            int[] places,
            ValueReader[] readers) {
        this.layout = layout;
        this.types = types;
        this.names = names;
        this.places = places;
        this.readers = readers;
    }

    /**
     * The table that {@code map} announces, read as {@code table} says.
     *
     * @param grows whether the log may be of a time when the table had fewer columns
     * @throws Unreadable when the two don't fit each other
     */
    static LoggedTable of(
            TableMapEventData map, MappedTable now, boolean grows, Charsets charsets) {
        List<ColumnType> types = types(map);
        MappedTable table =
                grows && types.size() < now.columns().size() ? now.first(types.size()) : now;
        List<MappedColumn> columns = table.columns();
        if (types.size() != columns.size()) {
            throw new Unreadable(
                    FaultCode.SOURCE_DDL,
                    "the table was altered: the log holds "
                            + types.size()
                            + " columns of it, the catalogue "
                            + columns.size());
        }
        int[] places = new int[columns.size()];
        ValueReader[] readers = new ValueReader[columns.size()];
        int written = 0;
        for (int i = 0; i < places.length; i++) {
            MappedColumn column = columns.get(i);
            places[i] = column.generated() ? -1 : written++;
            if (!column.generated()) {
                readers[i] = ValueReader.of(types.get(i), column, charsets);
            }
        }
        return new LoggedTable(
                layout(table),
                types,
                columns.stream().map(column -> column.source().name()).toList(),
                places,
                readers);
    }

    /** What its changes carry: the columns that are written at the target, by their names there. */
    static TableLayout layout(MappedTable table) {
        List<String> written = table.writtenColumns().stream().map(MappedColumn::name).toList();
        List<Integer> key = table.key().stream().map(written::indexOf).toList();
        return new TableLayout(table.sourceId(), written, key.contains(-1) ? List.of() : key);
    }

    static List<ColumnType> types(TableMapEventData map) {
        byte[] codes = map.getColumnTypes();
        int[] metadata = map.getColumnMetadata();
        List<ColumnType> types = new ArrayList<>(codes.length);
        for (int i = 0; i < codes.length; i++) {
            types.add(ColumnType.of(codes[i] & 0xFF, metadata[i]));
        }
        return types;
    }

    TableLayout layout() {
        return layout;
    }

    int columns() {
        return places.length;
    }

    /**
     * Reads a row image.
     *
     * @param in at the image's begin; at its end afterwards
     * @param present where the bitmap of the columns that the image has begins
     * @throws Unreadable when a value can't be carried, or one that is wanted is missing
     */
    RowImage image(Bytes in, int present) {
        int count = 0;
        for (int i = 0; i < places.length; i++) {
            count += in.bit(present, i) ? 1 : 0;
        }
        int nulls = in.position();
        in.skip((count + 7) / 8);
        String[] values = new String[layout.columns().size()];
        int index = 0;
        for (int i = 0; i < places.length; i++) {
            if (!in.bit(present, i)) {
                refuseMissing(i);
                continue;
            }
            boolean isNull = in.bit(nulls, index++);
            if (!isNull && places[i] < 0) {
                types.get(i).skip(in);
            } else if (!isNull) {
                values[places[i]] = value(i, in);
            }
        }
        return RowImage.of(values);
    }

    private String value(int column, Bytes in) {
        try {
            return readers[column].read(in);
        } catch (Unreadable e) {
            throw new Unreadable(e.code(), "column " + names.get(column) + ": " + e.getMessage());
        } catch (IndexOutOfBoundsException e) {
            throw new Unreadable(
                    FaultCode.SOURCE_DDL,
                    "column " + names.get(column) + ": the log does not hold what its type says");
        }
    }

    private void refuseMissing(int column) {
        if (places[column] >= 0) {
            throw new Unreadable(
                    FaultCode.VALUE_UNSUPPORTED,
                    "the log has a row without column "
                            + names.get(column)
                            + ": somebody wrote it with binlog_row_image other than FULL");
        }
    }
}
