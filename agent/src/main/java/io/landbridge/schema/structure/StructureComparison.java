package io.landbridge.schema.structure;

import io.landbridge.change.TableId;
import io.landbridge.schema.Table;
import io.landbridge.schema.structure.StructureDifference.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tells what two readings of the same tables don't have in common. */
public final class StructureComparison {

    private static final Comparator<StructureDifference> ORDER =
            Comparator.comparing(StructureDifference::blocks)
                    .reversed()
                    .thenComparing(StructureDifference::table)
                    .thenComparing(StructureDifference::aspect)
                    .thenComparing(StructureDifference::name);

    private StructureComparison() {}

    private record Name(TableId table, Aspect aspect, String name) {

        Name column() {
            return new Name(table, Aspect.COLUMN, name);
        }
    }

    /** What differs, what blocks first; only aspects that the source's reader tells of. */
    public static List<StructureDifference> compare(
            StructureReader source,
            Collection<Table> sourceTables,
            StructureReader target,
            Collection<Table> targetTables) {
        return compare(source.aspects(), source.read(sourceTables), target.read(targetTables));
    }

    static List<StructureDifference> compare(
            Set<Aspect> common,
            Collection<StructureItem> source,
            Collection<StructureItem> target) {
        Map<Name, String> here = byName(source, common);
        Map<Name, String> there = byName(target, common);
        Set<Name> all = new HashSet<>(here.keySet());
        all.addAll(there.keySet());
        List<StructureDifference> differences = new ArrayList<>();
        for (Name name : all) {
            String ours = here.get(name);
            String theirs = there.get(name);
            boolean isOnBothSides =
                    !name.aspect().isOfColumn()
                            || (here.containsKey(name.column())
                                    && there.containsKey(name.column()));
            boolean expected = !"not valid".equals(ours);
            if (isOnBothSides && expected && (ours == null || !ours.equals(theirs))) {
                differences.add(difference(name, ours, theirs));
            }
        }
        differences.sort(ORDER);
        return differences;
    }

    private static StructureDifference difference(Name name, String ours, String theirs) {
        Kind kind = theirs == null ? Kind.MISSING : ours == null ? Kind.EXTRA : Kind.DIFFERENT;
        return new StructureDifference(
                name.table(),
                name.aspect(),
                kind,
                name.name(),
                name.aspect().blocks(kind),
                ours == null ? "" : ours,
                theirs == null ? "" : theirs);
    }

    private static Map<Name, String> byName(Collection<StructureItem> items, Set<Aspect> aspects) {
        Map<Name, String> byName = new HashMap<>();
        items.stream()
                .filter(item -> aspects.contains(item.aspect()))
                .forEach(
                        item ->
                                byName.put(
                                        new Name(item.table(), item.aspect(), item.name()),
                                        item.definition()));
        return byName;
    }
}
