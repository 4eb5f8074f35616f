package io.landbridge.simulation;

import io.landbridge.apply.ApplierStatus;
import io.landbridge.apply.SourceRows;
import io.landbridge.change.RowImage;
import io.landbridge.change.RowKey;
import io.landbridge.change.TableLayout;
import io.landbridge.config.ApplyConfig;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.Side;
import io.landbridge.offsets.Lsn;
import io.landbridge.offsets.ProgressStore;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.target.TableStates;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * One seed's story: a source, a target, and agents that die one after the other until the last one
 * gets everything through.
 */
final class Simulation implements AutoCloseable {

    private static final int TRANSACTIONS = 250;
    private static final int LIVES = 8;

    private final Random random;
    private final SimulatedSource source;
    private final Path directory;
    private final TestDatabase database = Servers.target().freshDatabase();
    private final Connection watching;
    private final ApplyConfig config;
    private final boolean converging;
    private final int loadedUpTo;
    private final AtomicReference<AssertionError> wrong = new AtomicReference<>();

    private volatile SourcePosition confirmed = SimulatedSource.START;
    private volatile int streamed;
    private volatile boolean converged;
    private volatile SimulatedAgent agent;
    private int checks;

    Simulation(long seed, Path directory) throws SQLException {
        random = new Random(seed);
        this.directory = directory;
        source = new SimulatedSource(new Random(seed), TRANSACTIONS);
        int[] batches = {10, 150, 700, 5000};
        config =
                new ApplyConfig(
                        1 + random.nextInt(3),
                        batches[random.nextInt(batches.length)],
                        Duration.ofMillis(random.nextInt(5)));
        converging = random.nextBoolean();
        loadedUpTo = converging ? 20 + random.nextInt(60) : 0;
        converged = !converging;
        watching = database.connect();
        prepare();
    }

    private void prepare() throws SQLException {
        database.execute("CREATE SCHEMA landbridge");
        source.tables().forEach(table -> database.execute(table.ddl(!converging)));
        try (Database target = database.open(Side.TARGET)) {
            target.inTransaction(
                    "preparing the target",
                    connection -> {
                        ProgressStore.createTable(connection);
                        TableStates.createTable(connection);
                        new ProgressStore(SimulatedAgent.MIGRATION, "forward")
                                .reset(connection, config.workers(), SimulatedSource.START, 0, 0);
                        for (SimulatedTable table : source.tables()) {
                            load(connection, table);
                        }
                        return null;
                    });
        }
    }

    /** Rows as a load leaves them: each key range as it was at a moment of its own. */
    private void load(Connection connection, SimulatedTable table) throws SQLException {
        int moment = loadedUpTo == 0 ? 0 : random.nextInt(loadedUpTo + 1);
        int other = loadedUpTo == 0 ? 0 : random.nextInt(loadedUpTo + 1);
        boolean keyed = table.layout().hasKey();
        new TableStates(SimulatedAgent.MIGRATION)
                .markLoaded(
                        connection,
                        table.layout().table(),
                        keyed ? null : SimulatedSource.snapshotAfter(moment));
        for (String[] row : rowsAfter(table, moment)) {
            if (!keyed || row[0].hashCode() % 2 == 0) {
                insert(connection, table, row);
            }
        }
        for (String[] row : rowsAfter(table, other)) {
            if (keyed && row[0].hashCode() % 2 != 0) {
                insert(connection, table, row);
            }
        }
    }

    private List<String[]> rowsAfter(SimulatedTable table, int transactions) {
        List<String[]> rows = new ArrayList<>();
        if (transactions > 0) {
            for (String text : source.log().get(transactions - 1).rows().get(table)) {
                rows.add(values(text));
            }
        }
        return rows;
    }

    private static String[] values(String text) {
        String[] values = text.split("\\|", -1);
        for (int i = 0; i < values.length; i++) {
            values[i] = values[i].equals("\u2205") ? null : values[i];
        }
        return values;
    }

    private static void insert(Connection connection, SimulatedTable table, String[] row)
            throws SQLException {
        StringBuilder sql =
                new StringBuilder("INSERT INTO ").append(table.name()).append(" VALUES (");
        for (int i = 0; i < row.length; i++) {
            sql.append(i == 0 ? "?::" : ", ?::").append(table.types().get(i));
        }
        try (PreparedStatement insert = connection.prepareStatement(sql.append(')').toString())) {
            for (int i = 0; i < row.length; i++) {
                insert.setString(i + 1, row[i]);
            }
            insert.executeUpdate();
        }
    }

    /** Returns what it did, in words. */
    String run() throws IOException {
        Path live = directory.resolve("life 0");
        boolean through = false;
        for (int life = 0; !through; life++) {
            Fate fate = new Fate(new Random(random.nextLong()), life < LIVES, 700);
            try (SimulatedAgent one = start(fate, live)) {
                agent = one;
                through = one.run(confirmed, transactions -> streamed = transactions);
                one.vanish();
                Path next = directory.resolve("life " + (life + 1));
                copy(live, next);
                live = next;
            }
            if (wrong.get() != null) {
                throw wrong.get();
            }
        }
        check(source.log().get(TRANSACTIONS - 1).end());
        if (wrong.get() != null) {
            throw wrong.get();
        }
        return checks
                + " boundaries, "
                + config
                + (converging ? ", converging through " + source.log().get(loadedUpTo).end() : "");
    }

    private SimulatedAgent start(Fate fate, Path live) {
        return new SimulatedAgent(
                source,
                new Random(random.nextLong()),
                fate,
                database.config(),
                live,
                config,
                this::readRow,
                converging
                        ? Optional.of(source.log().get(Math.max(0, loadedUpTo - 1)).end())
                        : Optional.empty(),
                position -> confirmed = position,
                this::check);
    }

    /** What the source holds now: at least what it has streamed. */
    private SourceRows.Reading readRow(TableLayout layout, RowKey key) {
        int now = Math.max(streamed, loadedUpTo);
        SimulatedSource.Transaction last = source.log().get(now - 1);
        SimulatedTable table =
                source.tables().stream()
                        .filter(one -> one.layout().equals(layout))
                        .findFirst()
                        .orElseThrow();
        Optional<RowImage> row =
                rowsAfter(table, now).stream()
                        .map(RowImage::of)
                        .filter(image -> layout.keyOf(image).equals(key))
                        .findFirst();
        return new SourceRows.Reading(row, last.end());
    }

    /** On the dispatch thread, between two batches: the target must be what the source was. */
    private void check(SourcePosition position) {
        SimulatedAgent current = agent;
        if (!converged) {
            Lsn through = source.log().get(Math.max(0, loadedUpTo - 1)).end();
            boolean strict =
                    current != null && current.status().mode() == ApplierStatus.Mode.STRICT;
            if (!position.isAfter(through) || !strict) {
                return;
            }
            converged = true;
        }
        Map<SimulatedTable, List<String>> expected =
                source.log().stream()
                        .filter(transaction -> transaction.end().equals(position))
                        .findFirst()
                        .orElseThrow()
                        .rows();
        for (SimulatedTable table : source.tables()) {
            List<String> held = rows(table);
            if (!held.equals(expected.get(table))) {
                List<String> missing = new ArrayList<>(expected.get(table));
                held.forEach(missing::remove);
                List<String> extra = new ArrayList<>(held);
                expected.get(table).forEach(extra::remove);
                wrong.compareAndSet(
                        null,
                        new AssertionError(
                                table.name()
                                        + " at "
                                        + position.text()
                                        + ": missing "
                                        + missing
                                        + ", extra "
                                        + extra));
            }
        }
        checks++;
    }

    private List<String> rows(SimulatedTable table) {
        try (Statement statement = watching.createStatement();
                ResultSet result = statement.executeQuery(table.select())) {
            List<String[]> rows = new ArrayList<>();
            while (result.next()) {
                String[] row = new String[table.columns()];
                for (int i = 0; i < row.length; i++) {
                    row[i] = result.getString(i + 1);
                }
                rows.add(row);
            }
            return SimulatedSource.texts(rows);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The files as they are now: what a killed process leaves behind. */
    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> tree = Files.walk(from)) {
            for (Path entry : tree.toList()) {
                Files.copy(entry, to.resolve(from.relativize(entry).toString()));
            }
        }
    }

    @Override
    public void close() throws SQLException {
        watching.close();
    }
}
