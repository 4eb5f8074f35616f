package io.landbridge.phase;

import io.landbridge.buffer.Line;
import io.landbridge.capture.EngineHosts;
import io.landbridge.change.TableId;
import io.landbridge.offsets.ProgressStore;
import io.landbridge.schema.Table;
import io.landbridge.source.SourceLog;
import io.landbridge.target.TableStates;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One direction that changes flow in. The same rooms carry both: forth, from the source to the
 * target, and after the switch back.
 *
 * @param from where applications write
 * @param to where we write what they wrote
 * @param progress at {@code to}
 * @param states at {@code to}
 * @param line where the buffers lie
 * @param hosts where the log is read
 * @param tables as {@code from} has them
 * @param counterparts as {@code to} has them, by their name at {@code from}
 * @param leftOut columns that only {@code from} has and that stay behind, by table; {@code tables}
 *     are without them
 */
record Route(
        Origin from,
        Receiver to,
        ProgressStore progress,
        TableStates states,
        Line line,
        EngineHosts hosts,
        List<Table> tables,
        Map<TableId, Table> counterparts,
        Map<TableId, Set<String>> leftOut) {

    Route {
        tables = List.copyOf(tables);
        counterparts = Map.copyOf(counterparts);
        leftOut = Map.copyOf(leftOut);
    }

    SourceLog log() {
        return from.log();
    }

    List<TableId> tableIds() {
        return tables.stream().map(Table::id).toList();
    }

    /** The same way with no table on it: only markers travel. */
    Route empty() {
        return new Route(from, to, progress, states, line, hosts, List.of(), Map.of(), Map.of());
    }
}
