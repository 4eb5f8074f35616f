package io.landbridge.schema;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Puts statements into an order in which each finds what it needs, and the keys' indexes into the
 * stage that makes them first. Lives for one ordering.
 */
final class DdlOrder {

    private final Map<ObjectAddress, Set<ObjectAddress>> needs;
    private final Map<ObjectAddress, Set<ObjectAddress>> inlined;
    private final Map<ObjectAddress, List<DdlStatement>> bySelf = new LinkedHashMap<>();
    private final Map<ObjectAddress, DdlStage> stages = new HashMap<>();
    private final Set<ObjectAddress> visited = new HashSet<>();
    private final Map<DdlStage, List<DdlStatement>> ordered = new EnumMap<>(DdlStage.class);

    private DdlOrder(
            Map<ObjectAddress, Set<ObjectAddress>> needs,
            Map<ObjectAddress, Set<ObjectAddress>> inlined) {
        this.needs = needs;
        this.inlined = inlined;
    }

    /**
     * @param needs who needs whom
     * @param inlined what stands within another's statement: what it needs, that one needs
     * @param keyIndexes OIDs of the indexes that the applier needs
     */
    static List<DdlStatement> of(
            List<DdlStatement> statements,
            Map<ObjectAddress, Set<ObjectAddress>> needs,
            Map<ObjectAddress, Set<ObjectAddress>> inlined,
            Set<Long> keyIndexes) {
        DdlOrder order = new DdlOrder(needs, inlined);
        List<DdlStatement> sorted = new ArrayList<>();
        for (DdlStatement statement : statements) {
            boolean key = statement.index() != 0 && keyIndexes.contains(statement.index());
            sorted.add(key ? statement.in(keyStage(statement)) : statement);
        }
        sorted.sort(Comparator.comparing(DdlStatement::kind).thenComparing(DdlStatement::object));
        for (DdlStatement statement : sorted) {
            if (!statement.self().equals(ObjectAddress.NONE)) {
                order.bySelf
                        .computeIfAbsent(statement.self(), none -> new ArrayList<>())
                        .add(statement);
            }
        }
        for (DdlStatement statement : sorted) {
            if (statement.self().equals(ObjectAddress.NONE)) {
                order.add(statement);
            } else {
                order.visit(statement.self());
            }
        }
        order.sortRefreshes();
        return order.ordered.values().stream().flatMap(List::stream).toList();
    }

    private static DdlStage keyStage(DdlStatement statement) {
        return statement.kind() == DdlKind.INDEX_ATTACH ? DdlStage.KEY_SHARES : DdlStage.KEYS;
    }

    /** Returns the latest stage of what was found here and below. */
    private DdlStage visit(ObjectAddress object) {
        if (!visited.add(object)) {
            return stages.getOrDefault(object, DdlStage.TABLES);
        }
        DdlStage latest = DdlStage.TABLES;
        for (Set<ObjectAddress> needed :
                List.of(
                        needs.getOrDefault(object, Set.of()),
                        inlined.getOrDefault(object, Set.of()))) {
            for (ObjectAddress need : needed) {
                DdlStage stage = visit(need);
                latest = stage.compareTo(latest) > 0 ? stage : latest;
            }
        }
        for (DdlStatement statement : bySelf.getOrDefault(object, List.of())) {
            DdlStage parent = visit(statement.parent());
            latest = parent.compareTo(latest) > 0 ? parent : latest;
            boolean later = latest.compareTo(statement.stage()) > 0;
            latest = later ? latest : statement.stage();
            add(later ? statement.in(latest) : statement);
        }
        stages.put(object, latest);
        return latest;
    }

    /** As the views themselves: one may be filled from another. */
    private void sortRefreshes() {
        Map<ObjectAddress, Integer> places = new HashMap<>();
        for (DdlStatement statement : ordered.getOrDefault(DdlStage.CODE, List.of())) {
            places.putIfAbsent(statement.self(), places.size());
        }
        ordered.computeIfPresent(
                DdlStage.REFRESHES,
                (stage, refreshes) ->
                        refreshes.stream()
                                .sorted(
                                        Comparator.comparing(
                                                refresh ->
                                                        places.getOrDefault(refresh.parent(), 0)))
                                .toList());
    }

    private void add(DdlStatement statement) {
        ordered.computeIfAbsent(statement.stage(), none -> new ArrayList<>()).add(statement);
    }
}
