package io.landbridge.schema;

import io.landbridge.schema.PostgresCatalogue.NumberedColumn;
import io.landbridge.schema.PostgresRelations.Relation;
import io.landbridge.schema.Table.ReplicaIdentity;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * How a table's rows are told apart, and what the log says of a row before its change.
 *
 * @param columns as {@link Table#key}
 * @param index OID of the index over them; 0 when there is none
 * @param othersUnique as {@link Table#unique}
 */
record PostgresKey(
        List<String> columns, long index, ReplicaIdentity replicaIdentity, boolean othersUnique) {

    private static final List<ReplicaIdentity> RICHEST_FIRST =
            List.of(
                    ReplicaIdentity.FULL,
                    ReplicaIdentity.DEFAULT,
                    ReplicaIdentity.INDEX,
                    ReplicaIdentity.NOTHING);

    /**
     * @param tree the table itself, then everything below it when it is partitioned
     * @param indexes unique and exclusion indexes of the table and of its partitions that are not a
     *     share of another, in the order of preference
     */
    static PostgresKey of(
            List<Relation> tree, List<NumberedColumn> columns, List<PostgresIndex> indexes) {
        Relation table = tree.get(0);
        Map<Integer, Column> byNumber =
                columns.stream()
                        .collect(Collectors.toMap(NumberedColumn::number, NumberedColumn::column));
        List<PostgresIndex> usable =
                indexes.stream()
                        .filter(index -> index.table() == table.oid() && index.plain())
                        .filter(
                                index ->
                                        index.columns().stream()
                                                .allMatch(n -> byNumber.get(n).notNull()))
                        .toList();
        ReplicaIdentity identity = identity(tree, usable);
        // With an index as the identity, a delete carries that index's columns and nothing else.
        Optional<PostgresIndex> key =
                identity == ReplicaIdentity.INDEX
                        ? first(usable, PostgresIndex::replicaIdentity)
                        : first(usable, PostgresIndex::primary)
                                .or(() -> first(usable, index -> true));
        return new PostgresKey(
                key.map(index -> index.columns().stream().map(n -> byNumber.get(n).name()).toList())
                        .orElse(List.of()),
                key.map(PostgresIndex::oid).orElse(0L),
                identity,
                indexes.size() > (key.isPresent() ? 1 : 0));
    }

    /** Of a partitioned table the log carries what its poorest partition's setting lets it. */
    private static ReplicaIdentity identity(List<Relation> tree, List<PostgresIndex> usable) {
        Relation root = tree.get(0);
        boolean index =
                root.replicaIdentity().equals("i")
                        && usable.stream().anyMatch(PostgresIndex::replicaIdentity);
        boolean primaryKey = usable.stream().anyMatch(PostgresIndex::primary);
        return tree.stream()
                .filter(part -> !part.partitioned() || tree.size() == 1)
                .map(
                        part ->
                                switch (part.replicaIdentity()) {
                                    case "f" -> ReplicaIdentity.FULL;
                                    case "d" ->
                                            primaryKey
                                                    ? ReplicaIdentity.DEFAULT
                                                    : ReplicaIdentity.NOTHING;
                                    // An index that was dropped since leaves no identity.
                                    case "i" ->
                                            index ? ReplicaIdentity.INDEX : ReplicaIdentity.NOTHING;
                                    default -> ReplicaIdentity.NOTHING;
                                })
                .max(Comparator.comparing(RICHEST_FIRST::indexOf))
                .orElse(ReplicaIdentity.DEFAULT);
    }

    private static Optional<PostgresIndex> first(
            List<PostgresIndex> indexes, Predicate<PostgresIndex> wanted) {
        return indexes.stream().filter(wanted).findFirst();
    }
}
