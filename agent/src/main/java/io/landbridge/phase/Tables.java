package io.landbridge.phase;

import io.landbridge.change.TableId;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.schema.SchemaTransfer;
import io.landbridge.schema.Table;
import io.landbridge.target.TableState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The tables of this migration on both sides. Which they are is decided once, when the target is
 * prepared: a table that appears at the source later is a newcomer, told to the operator and never
 * migrated in silence, nor left out in silence.
 *
 * @param source as the source has them now
 * @param target the same tables at the target, by their name at the source
 * @param newcomers tables at the source that the patterns select and that are not ours
 * @param states what the load had copied when this was read
 */
record Tables(
        List<Table> source,
        Map<TableId, Table> target,
        List<TableId> newcomers,
        Map<TableId, TableState> states) {

    Tables {
        source = List.copyOf(source);
        target = Map.copyOf(target);
        newcomers = List.copyOf(newcomers);
        states = Map.copyOf(states);
    }

    /** All tables that the patterns select at the source. */
    static List<Table> selected(Site site) {
        return site.source().tables();
    }

    /**
     * The registered tables as they are now.
     *
     * @throws Fault SOURCE_DDL when one has gone at the source, TARGET_SQL when one has at the
     *     target
     */
    static Tables registered(Site site, SchemaTransfer schema) {
        Map<TableId, TableState> states =
                site.target().with("reading the tables' states", site.states()::read);
        Set<TableId> ours = states.keySet();
        List<Table> selected = selected(site);
        Map<TableId, Table> atTarget = new LinkedHashMap<>(schema.targetTables());
        atTarget.keySet().retainAll(ours);
        List<Table> atSource =
                selected.stream().filter(table -> ours.contains(table.id())).toList();
        Set<TableId> present = atSource.stream().map(Table::id).collect(Collectors.toSet());
        for (TableId id : ours) {
            if (!present.contains(id)) {
                throw Fault.of(
                                FaultCode.SOURCE_DDL,
                                "the table is gone from the source, or tables.include leaves it out")
                        .in(id)
                        .hint("bring it back, or start over with 'landbridge rollback'");
            }
            if (!atTarget.containsKey(id)) {
                throw Fault.of(FaultCode.TARGET_SQL, "the table is gone from the target")
                        .in(id)
                        .hint("start over with 'landbridge rollback'");
            }
        }
        return new Tables(
                atSource,
                atTarget,
                selected.stream().map(Table::id).filter(id -> !ours.contains(id)).toList(),
                states);
    }
}
