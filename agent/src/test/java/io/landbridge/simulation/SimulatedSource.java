package io.landbridge.simulation;

import io.landbridge.change.Change;
import io.landbridge.change.Operation;
import io.landbridge.change.RowImage;
import io.landbridge.change.SourceEvent;
import io.landbridge.offsets.Lsn;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * A source that never was: random transactions, and what the tables hold after each of them. All of
 * it follows from the seed.
 */
final class SimulatedSource {

    static final Lsn START = new Lsn(0x1000);

    private static final int FIRST_TRANSACTION_ID = 700;

    /**
     * A committed transaction.
     *
     * @param events what it did, without its begin
     * @param rows what each table holds after it, as sorted texts
     */
    record Transaction(
            String id, Lsn end, List<SourceEvent> events, Map<SimulatedTable, List<String>> rows) {}

    private final Random random;
    private final List<SimulatedTable> tables = SimulatedTable.all();
    private final Map<SimulatedTable, List<String[]>> state = new LinkedHashMap<>();
    private final Map<SimulatedTable, List<String>> rows = new LinkedHashMap<>();
    private final List<Transaction> log = new ArrayList<>();
    private List<SourceEvent> events = new ArrayList<>();
    private final Set<SimulatedTable> touched = new HashSet<>();
    private long value;

    SimulatedSource(Random random, int transactions) {
        this.random = random;
        for (SimulatedTable table : tables) {
            state.put(table, new ArrayList<>());
            rows.put(table, List.of());
        }
        long position = START.value();
        for (int i = 0; i < transactions; i++) {
            fill(i);
            position += 1 + random.nextInt(500);
            Lsn end = new Lsn(position);
            events.add(new SourceEvent.Commit(end, Instant.now(), events.size()));
            for (SimulatedTable table : touched) {
                rows.put(table, texts(state.get(table)));
            }
            touched.clear();
            log.add(
                    new Transaction(
                            String.valueOf(FIRST_TRANSACTION_ID + i),
                            end,
                            events,
                            Map.copyOf(rows)));
            events = new ArrayList<>();
        }
    }

    List<Transaction> log() {
        return log;
    }

    List<SimulatedTable> tables() {
        return tables;
    }

    /** The snapshot, in PostgreSQL's form, that sees the first {@code transactions}. */
    static String snapshotAfter(int transactions) {
        int next = FIRST_TRANSACTION_ID + transactions;
        return next + ":" + next + ":";
    }

    static List<String> texts(List<String[]> rows) {
        List<String> texts = new ArrayList<>();
        for (String[] row : rows) {
            texts.add(String.join("|", Collections.unmodifiableList(nulls(row))));
        }
        Collections.sort(texts);
        return texts;
    }

    private static List<String> nulls(String[] row) {
        List<String> values = new ArrayList<>();
        for (String one : row) {
            values.add(one == null ? "\u2205" : one);
        }
        return values;
    }

    private void fill(int number) {
        if (random.nextInt(12) == 0) {
            events.add(new SourceEvent.Marker("landbridge", ""));
        }
        int kind = random.nextInt(40);
        if (number == 0 || kind == 0) {
            many(300 + random.nextInt(900));
        } else if (kind == 1) {
            truncate(tables.get(random.nextInt(tables.size())));
        } else if (kind < 8) {
            swap();
        } else if (kind < 10) {
            heir();
        } else if (kind > 36) {
            return;
        }
        for (int left = random.nextInt(12); left > 0; left--) {
            change(tables.get(random.nextInt(tables.size())));
        }
    }

    private void many(int changes) {
        SimulatedTable table = tables.get(random.nextInt(4) == 0 ? 2 : 0);
        for (int i = 0; i < changes; i++) {
            change(table);
        }
    }

    private void truncate(SimulatedTable table) {
        state.get(table).clear();
        emit(table, Operation.TRUNCATE, null, null);
    }

    private void change(SimulatedTable table) {
        List<String[]> held = state.get(table);
        int kind = random.nextInt(10);
        if (held.isEmpty() || kind < 4) {
            insert(table);
        } else if (kind < 7) {
            update(table, held.get(random.nextInt(held.size())));
        } else if (kind < 8 && table.layout().hasKey()) {
            move(table, held.get(random.nextInt(held.size())));
        } else {
            delete(table, random.nextInt(held.size()));
        }
    }

    private void insert(SimulatedTable table) {
        String[] row = new String[table.columns()];
        for (int i = 0; i < row.length; i++) {
            row[i] = value(table, i);
        }
        if (table.unique() >= 0) {
            row[table.unique()] = freeUnique(table);
        }
        if (isFree(table, row)) {
            state.get(table).add(row);
            emit(table, Operation.INSERT, null, row.clone());
        }
    }

    private void update(SimulatedTable table, String[] row) {
        String[] before = row.clone();
        int from = table.layout().key().size();
        if (from == row.length) {
            return;
        }
        boolean toast = table.toast() >= 0 && random.nextBoolean();
        for (int i = from; i < row.length; i++) {
            if (i == table.unique()) {
                row[i] = random.nextInt(3) == 0 ? freeUnique(table) : row[i];
            } else if (!(toast && i == table.toast())) {
                row[i] = value(table, i);
            }
        }
        String[] after = row.clone();
        if (toast) {
            after[table.toast()] = RowImage.unchanged();
        }
        emit(table, Operation.UPDATE, table.layout().hasKey() ? null : before, after);
    }

    /** Gives a row another key. */
    private void move(SimulatedTable table, String[] row) {
        String[] moved = row.clone();
        for (int i : table.layout().key()) {
            moved[i] = value(table, i);
        }
        if (!isFree(table, moved)) {
            return;
        }
        String[] before = keyOnly(table, row);
        System.arraycopy(moved, 0, row, 0, row.length);
        if (table.toast() >= 0) {
            moved[table.toast()] = RowImage.unchanged();
        }
        emit(table, Operation.UPDATE, before, moved);
    }

    private void delete(SimulatedTable table, int index) {
        String[] row = state.get(table).remove(index);
        emit(table, Operation.DELETE, table.layout().hasKey() ? keyOnly(table, row) : row, null);
    }

    /** Two rows change their unique values, by way of NULL, as applications do. */
    private void swap() {
        SimulatedTable table = tables.get(1);
        List<String[]> held = state.get(table);
        if (held.size() < 2) {
            insert(table);
            return;
        }
        String[] one = held.get(random.nextInt(held.size()));
        String[] other = held.get(random.nextInt(held.size()));
        if (one == other) {
            return;
        }
        int unique = table.unique();
        String mine = one[unique];
        String theirs = other[unique];
        set(table, one, unique, null);
        set(table, other, unique, mine);
        set(table, one, unique, theirs);
    }

    /** A row goes, and another one gets its unique value. */
    private void heir() {
        SimulatedTable table = tables.get(1);
        List<String[]> held = state.get(table);
        if (held.size() < 2) {
            return;
        }
        int gone = random.nextInt(held.size());
        String freed = held.get(gone)[table.unique()];
        delete(table, gone);
        set(table, held.get(random.nextInt(held.size())), table.unique(), freed);
    }

    private void set(SimulatedTable table, String[] row, int column, String to) {
        row[column] = to;
        emit(table, Operation.UPDATE, null, row.clone());
    }

    private void emit(SimulatedTable table, Operation operation, String[] before, String[] after) {
        touched.add(table);
        events.add(
                new Change(
                        table.layout(),
                        operation,
                        before == null ? null : RowImage.of(before.clone()),
                        after == null ? null : RowImage.of(after)));
    }

    private static String[] keyOnly(SimulatedTable table, String[] row) {
        String[] image = new String[row.length];
        for (int i = 0; i < row.length; i++) {
            image[i] = table.layout().key().contains(i) ? row[i] : RowImage.unchanged();
        }
        return image;
    }

    private String value(SimulatedTable table, int column) {
        boolean key = table.layout().key().contains(column) || !table.layout().hasKey();
        if (!key && random.nextInt(6) == 0) {
            return null;
        }
        if (key) {
            int number = random.nextInt(table.keys());
            return table.isText(column) ? "k" + number % 17 + "\u00e4" : String.valueOf(number);
        }
        return table.isText(column) ? "v" + value++ : String.valueOf(value++);
    }

    private String freeUnique(SimulatedTable table) {
        Set<String> used = new HashSet<>();
        state.get(table).forEach(row -> used.add(row[table.unique()]));
        String free = String.valueOf(random.nextInt(60));
        return used.contains(free) ? null : free;
    }

    private boolean isFree(SimulatedTable table, String[] wanted) {
        if (!table.layout().hasKey()) {
            return true;
        }
        for (String[] row : state.get(table)) {
            boolean same = true;
            for (int i : table.layout().key()) {
                same &= row[i].equals(wanted[i]);
            }
            if (same) {
                return false;
            }
        }
        return true;
    }
}
