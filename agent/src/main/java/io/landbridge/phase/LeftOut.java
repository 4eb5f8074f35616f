package io.landbridge.phase;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.landbridge.change.TableId;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.schema.Column;
import io.landbridge.schema.Table;
import io.landbridge.target.Documents;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Columns that only the target has: their values stay there when changes flow back. Which they are
 * is written down before the switch; a column that comes later is not left out in silence, it stops
 * its table.
 */
final class LeftOut {

    private static final String NAME = "left-out";
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Columns(String schema, String table, List<String> columns) {}

    private LeftOut() {}

    /** What the target has beyond the source, by table. */
    static Map<TableId, Set<String>> of(Tables tables) {
        Map<TableId, Set<String>> found = new TreeMap<>();
        for (Table source : tables.source()) {
            Table target = tables.target().get(source.id());
            Set<String> only = names(target);
            only.removeAll(names(source));
            if (!only.isEmpty()) {
                found.put(target.id(), only);
            }
        }
        return found;
    }

    private static Set<String> names(Table table) {
        return table.columns().stream()
                .map(Column::name)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Writes down what is left out from now on. */
    static void keep(Site site, Map<TableId, Set<String>> columns) {
        Documents documents = new Documents(site.target(), site.migration());
        documents.createTable();
        try {
            documents.write(
                    NAME,
                    JSON.writeValueAsString(
                            columns.entrySet().stream()
                                    .map(
                                            entry ->
                                                    new Columns(
                                                            entry.getKey().schema(),
                                                            entry.getKey().name(),
                                                            List.copyOf(entry.getValue())))
                                    .toList()));
        } catch (JsonProcessingException e) {
            throw Fault.of(FaultCode.INTERNAL, "can't spell which columns are left out", e);
        }
    }

    /** What was written down, without what the source has by now. */
    static Map<TableId, Set<String>> kept(Site site, Tables tables) {
        Map<TableId, Set<String>> kept = new TreeMap<>(of(tables));
        Map<TableId, Set<String>> written =
                new Documents(site.target(), site.migration())
                        .read(NAME)
                        .map(LeftOut::parse)
                        .orElse(Map.of());
        kept.replaceAll(
                (table, columns) -> {
                    Set<String> both = new LinkedHashSet<>(columns);
                    both.retainAll(written.getOrDefault(table, Set.of()));
                    return both;
                });
        kept.values().removeIf(Set::isEmpty);
        return kept;
    }

    private static Map<TableId, Set<String>> parse(String text) {
        try {
            return JSON.readValue(text, new TypeReference<List<Columns>>() {}).stream()
                    .collect(
                            Collectors.toMap(
                                    one -> new TableId(one.schema(), one.table()),
                                    one -> new HashSet<>(one.columns())));
        } catch (JsonProcessingException e) {
            throw Fault.of(
                            FaultCode.STATE_UNREADABLE,
                            "which columns are left out can't be read: " + e.getOriginalMessage(),
                            e)
                    .hint("start the version of Landbridge that wrote it");
        }
    }

    /** For people: {@code public.t (note, more)}. */
    static String describe(Map<TableId, Set<String>> columns) {
        return columns.isEmpty()
                ? "none"
                : columns.entrySet().stream()
                        .map(
                                entry ->
                                        entry.getKey()
                                                + " ("
                                                + String.join(", ", entry.getValue())
                                                + ")")
                        .collect(Collectors.joining(", "));
    }
}
