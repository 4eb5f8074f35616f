package io.landbridge.capture.binlog;

import com.github.shyiko.mysql.binlog.event.TableMapEventData;
import io.landbridge.change.SourceEvent;
import io.landbridge.source.MysqlLog;
import java.util.List;
import java.util.Optional;

/**
 * Reads the markers of one migration: rows of {@link MysqlLog#SIGNAL}, whose columns are the
 * migration, the content and a counter.
 */
final class SignalRows {

    private static final int MIGRATION = 0;
    private static final int CONTENT = 1;
    private static final long NONE = -1;

    private final String migration;
    private long number = NONE;
    private List<ColumnType> types = List.of();

    SignalRows(String migration) {
        this.migration = migration;
    }

    void announce(TableMapEventData map) {
        number = map.getTableId();
        types = LoggedTable.types(map);
    }

    /** Gives out the marker that a logged statement stands for, if it does. */
    void read(String sql, BinlogReader.Sink sink) throws InterruptedException {
        Optional<String> content = MysqlLog.markerIn(sql, migration);
        if (content.isPresent()) {
            sink.accept(new SourceEvent.Marker(MysqlLog.PREFIX, content.get()));
        }
    }

    boolean isAnnounced(long table) {
        return table == number;
    }

    /**
     * Gives out the markers among an event's rows.
     *
     * @param update whether each row comes as it was before, too
     */
    void read(Bytes in, int present, boolean update, BinlogReader.Sink sink)
            throws InterruptedException {
        while (in.hasMore()) {
            if (update) {
                var unused = row(in, present);
            }
            String[] row = row(in, present);
            if (migration.equals(row[MIGRATION])) {
                sink.accept(new SourceEvent.Marker(MysqlLog.PREFIX, row[CONTENT]));
            }
        }
    }

    private String[] row(Bytes in, int present) {
        int nulls = in.position();
        in.skip((types.size() + 7) / 8);
        String[] values = new String[types.size()];
        for (int i = 0; i < values.length; i++) {
            if (!in.bit(present, i) || in.bit(nulls, i)) {
                continue;
            }
            if (i <= CONTENT) {
                Bytes text = types.get(i).string(in);
                values[i] = text.utf8(text.left());
            } else {
                types.get(i).skip(in);
            }
        }
        return values;
    }
}
