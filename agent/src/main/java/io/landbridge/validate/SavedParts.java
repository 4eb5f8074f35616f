package io.landbridge.validate;

import io.landbridge.change.TableId;
import io.landbridge.jdbc.Database;
import io.landbridge.schema.digest.ComparedTable;
import io.landbridge.schema.digest.KeyRange;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * {@link EqualParts} in {@code landbridge.compared_part} at the target. Written a few times a
 * second at most, by whichever worker comes then, so that thousands of small tables don't wait for
 * the target's disk one by one.
 */
public final class SavedParts implements EqualParts {

    private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    private final Database target;
    private final String migration;
    private final PartStore store;
    private final String asked;
    private final Map<TableId, PartStore.Cut> known;
    private final Map<TableId, PartStore.Cut> unwritten = new LinkedHashMap<>();
    private final Set<TableId> unforgotten = new LinkedHashSet<>();
    private long written = System.nanoTime();

    private SavedParts(
            Database target,
            String migration,
            PartStore store,
            String asked,
            Map<TableId, PartStore.Cut> known) {
        this.target = target;
        this.migration = migration;
        this.store = store;
        this.asked = asked;
        this.known = known;
    }

    /**
     * Reads what an earlier process left.
     *
     * @param asked what this validation is to find out; what another one found is not taken up
     * @param age how long ago a part may have been compared to be still good
     */
    public static SavedParts open(Database target, String migration, String asked, Duration age) {
        PartStore store = new PartStore(migration);
        Map<TableId, PartStore.Cut> known =
                target.inTransaction(
                        "reading how far the validation is",
                        connection -> {
                            PartStore.createTable(connection);
                            return store.read(connection, age);
                        });
        known.values().removeIf(cut -> !cut.asked().equals(asked));
        return new SavedParts(target, migration, store, asked, known);
    }

    /** Forgets all that is known of the migration, in the caller's transaction. */
    public static void delete(Connection connection, String migration) throws SQLException {
        PartStore.delete(connection, migration);
    }

    /** How many parts need not be compared. */
    public synchronized long found() {
        return known.values().stream()
                .flatMap(cut -> cut.parts().stream())
                .filter(part -> part.found().isPresent())
                .count();
    }

    @Override
    public synchronized List<EqualPart> of(ComparedTable.Pair table) {
        PartStore.Cut cut = known.get(table.source().id());
        return cut == null || cut.shape() != shape(table) ? List.of() : List.copyOf(cut.parts());
    }

    /** The same for the same columns and key, in whatever process. */
    private static int shape(ComparedTable.Pair table) {
        return List.of(table.source().columns(), table.source().key(), table.source().keyTypes())
                .hashCode();
    }

    @Override
    public synchronized void cut(ComparedTable.Pair table, List<KeyRange> ranges) {
        forget(table);
        List<EqualPart> parts =
                IntStream.range(0, ranges.size())
                        .mapToObj(i -> new EqualPart(i, ranges.get(i), Optional.empty()))
                        .toList();
        known.put(
                table.source().id(),
                new PartStore.Cut(asked, shape(table), new ArrayList<>(parts)));
        if (parts.size() > 1) {
            parts.forEach(part -> later(table.source().id(), part));
        }
    }

    @Override
    public void equal(ComparedTable.Pair table, int part, EqualPart.Found found) {
        synchronized (this) {
            List<EqualPart> parts = known.get(table.source().id()).parts();
            EqualPart equal = new EqualPart(part, parts.get(part).range(), Optional.of(found));
            parts.set(part, equal);
            later(table.source().id(), equal);
            if (System.nanoTime() - written < INTERVAL_NANOS) {
                return;
            }
        }
        save();
    }

    private void later(TableId table, EqualPart part) {
        PartStore.Cut cut = known.get(table);
        unwritten
                .computeIfAbsent(
                        table,
                        one -> new PartStore.Cut(cut.asked(), cut.shape(), new ArrayList<>()))
                .parts()
                .add(part);
    }

    @Override
    public synchronized void forget(ComparedTable.Pair table) {
        TableId id = table.source().id();
        unwritten.remove(id);
        if (known.remove(id) != null) {
            unforgotten.add(id);
        }
    }

    @Override
    public synchronized void save() {
        written = System.nanoTime();
        if (unwritten.isEmpty() && unforgotten.isEmpty()) {
            return;
        }
        target.inTransaction(
                "writing down how far the validation is",
                connection -> {
                    for (TableId table : unforgotten) {
                        store.delete(connection, table);
                    }
                    store.write(connection, unwritten);
                    return null;
                });
        unforgotten.clear();
        unwritten.clear();
    }

    /** The validation is over: the next one begins anew. */
    public synchronized void end() {
        unwritten.clear();
        unforgotten.clear();
        known.clear();
        target.inTransaction(
                "forgetting how far the validation was",
                connection -> {
                    PartStore.delete(connection, migration);
                    return null;
                });
    }
}
