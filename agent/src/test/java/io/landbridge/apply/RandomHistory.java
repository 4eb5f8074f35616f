package io.landbridge.apply;

import io.landbridge.change.Change;
import io.landbridge.change.Operation;
import io.landbridge.change.RowImage;
import io.landbridge.change.TableId;
import io.landbridge.change.TableLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A source that makes up transactions over three tables, by seed, and knows what its rows are after
 * each: {@code keyed}, {@code uniq} with a unique column beside its key, and {@code keyless}.
 * Values of the column {@code big} are left UNCHANGED as TOAST would.
 */
final class RandomHistory {

    static final String[] TABLES = {
        "CREATE TABLE keyed (id int PRIMARY KEY, a text, big text)",
        "CREATE TABLE uniq (id int PRIMARY KEY, u int, big text)",
        "CREATE TABLE keyless (a int, b text)"
    };
    static final String UNIQUE = "ALTER TABLE uniq ADD UNIQUE (u)";

    static final TableLayout KEYED = layout("keyed", List.of("id", "a", "big"), List.of(0));
    static final TableLayout UNIQ = layout("uniq", List.of("id", "u", "big"), List.of(0));
    static final TableLayout KEYLESS = layout("keyless", List.of("a", "b"), List.of());

    private static final int KEYS = 40;

    private final Random random;
    private final boolean truncating;
    final TreeMap<Integer, String[]> keyed = new TreeMap<>();
    final TreeMap<Integer, String[]> uniq = new TreeMap<>();
    final List<String[]> keyless = new ArrayList<>();
    private int counter;

    RandomHistory(long seed, boolean truncating) {
        this.random = new Random(seed);
        this.truncating = truncating;
    }

    private static TableLayout layout(String name, List<String> columns, List<Integer> key) {
        return new TableLayout(new TableId("public", name), columns, key);
    }

    /** The rows as they are now. */
    record State(
            Map<Integer, String[]> keyed, Map<Integer, String[]> uniq, List<String[]> keyless) {

        List<String> lines() {
            List<String> lines = new ArrayList<>();
            keyed.values().forEach(row -> lines.add("keyed" + Arrays.toString(row)));
            uniq.values().forEach(row -> lines.add("uniq" + Arrays.toString(row)));
            keyless.forEach(row -> lines.add("keyless" + Arrays.toString(row)));
            return lines.stream().sorted().toList();
        }
    }

    State state() {
        return new State(new HashMap<>(keyed), new HashMap<>(uniq), new ArrayList<>(keyless));
    }

    /** What {@link State#lines} says of a database. */
    static List<String> linesOf(ApplyBed bed) {
        return bed
                .rows(
                        "SELECT format('keyed[%s, %s, %s]', id, a, big) FROM keyed UNION ALL"
                                + " SELECT format('uniq[%s, %s, %s]', id, u, big) FROM uniq UNION ALL"
                                + " SELECT format('keyless[%s, %s]', a, b) FROM keyless"
                                + " ORDER BY 1")
                .stream()
                .sorted()
                .toList();
    }

    /** The next transaction's changes, at least one. */
    List<Change> transaction(int most) {
        List<Change> changes = new ArrayList<>();
        int size = 1 + random.nextInt(most);
        while (changes.size() < size) {
            switch (random.nextInt(truncating ? 41 : 40)) {
                case 40 -> truncate(changes);
                case 30, 31, 32, 33, 34, 35, 36, 37, 38, 39 -> keyless(changes);
                case 22, 23, 24, 25, 26, 27, 28, 29 -> unique(changes);
                default -> keyed(changes);
            }
        }
        return changes;
    }

    private void keyed(List<Change> changes) {
        int id = random.nextInt(KEYS);
        String[] row = keyed.get(id);
        if (row == null) {
            String[] made = {"" + id, "a" + counter++, "big" + counter};
            keyed.put(id, made);
            changes.add(ApplyBed.insert(KEYED, made));
            return;
        }
        switch (random.nextInt(8)) {
            case 0, 1 -> {
                keyed.remove(id);
                changes.add(ApplyBed.delete(KEYED, key(id, 3)));
            }
            case 2 -> move(changes, id, row);
            default -> {
                boolean toast = random.nextBoolean();
                String[] after = {row[0], "a" + counter++, toast ? row[2] : "big" + counter};
                keyed.put(id, after);
                changes.add(ApplyBed.update(KEYED, log(after, toast)));
            }
        }
    }

    private void move(List<Change> changes, int id, String[] row) {
        int to = random.nextInt(KEYS);
        if (keyed.containsKey(to)) {
            return;
        }
        boolean toast = random.nextInt(3) == 0;
        String[] after = {"" + to, row[1], toast ? row[2] : "big" + counter++};
        keyed.remove(id);
        keyed.put(to, after);
        changes.add(
                ApplyBed.update(KEYED, RowImage.of(key(id, 3)), RowImage.of(log(after, toast))));
    }

    private static String[] log(String[] row, boolean toast) {
        String[] log = row.clone();
        if (toast) {
            log[2] = ApplyBed.UNCHANGED;
        }
        return log;
    }

    private static String[] key(int id, int columns) {
        String[] key = new String[columns];
        Arrays.fill(key, ApplyBed.UNCHANGED);
        key[0] = "" + id;
        return key;
    }

    private void unique(List<Change> changes) {
        int id = random.nextInt(KEYS);
        int value = random.nextInt(KEYS);
        boolean taken = uniq.values().stream().anyMatch(row -> row[1].equals("" + value));
        String[] row = uniq.get(id);
        if (row == null) {
            if (!taken) {
                String[] made = {"" + id, "" + value, "b" + counter++};
                uniq.put(id, made);
                changes.add(ApplyBed.insert(UNIQ, made));
            }
        } else if (random.nextInt(3) == 0) {
            uniq.remove(id);
            changes.add(ApplyBed.delete(UNIQ, key(id, 3)));
        } else if (!taken) {
            boolean toast = random.nextBoolean();
            String[] after = {row[0], "" + value, toast ? row[2] : "b" + counter++};
            uniq.put(id, after);
            changes.add(ApplyBed.update(UNIQ, log(after, toast)));
        }
    }

    private void keyless(List<Change> changes) {
        String[] made = {"" + random.nextInt(5), "b" + random.nextInt(2)};
        if (keyless.isEmpty() || random.nextBoolean()) {
            keyless.add(made);
            changes.add(ApplyBed.insert(KEYLESS, made));
            return;
        }
        String[] row = keyless.remove(random.nextInt(keyless.size()));
        if (random.nextBoolean()) {
            changes.add(ApplyBed.delete(KEYLESS, row));
        } else {
            keyless.add(made);
            changes.add(ApplyBed.update(KEYLESS, RowImage.of(row), RowImage.of(made)));
        }
    }

    private void truncate(List<Change> changes) {
        keyed.clear();
        keyless.clear();
        changes.add(new Change(KEYED, Operation.TRUNCATE, null, null));
        changes.add(new Change(KEYLESS, Operation.TRUNCATE, null, null));
    }
}
