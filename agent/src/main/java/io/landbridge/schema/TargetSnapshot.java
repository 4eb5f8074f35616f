package io.landbridge.schema;

import io.landbridge.change.TableId;
import io.landbridge.config.TablesConfig;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.Database;
import io.landbridge.schema.PostgresRelations.Relation;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the target's tables were before we touched them: a file of pg_dump's with their definitions
 * and rows, and where their sequences stood. It is restored in one transaction; taking and
 * restoring may both be repeated after a crash at any point.
 *
 * <p>Owned by one thread; only {@link #cancel} comes from others.
 */
public final class TargetSnapshot {

    private static final Logger LOG = LoggerFactory.getLogger(TargetSnapshot.class);

    /** dependent_objects_still_exist. */
    private static final String NEEDED = "2BP01";

    /**
     * What was saved.
     *
     * @param file where; on the agent that saved it. Empty when no table was there
     * @param bytes the file's size
     * @param tables those that were there, with partitions
     * @param sequences of these tables, and free ones that move, with where they stood
     */
    public record Contents(
            Instant takenAt,
            Optional<String> file,
            long bytes,
            List<TableId> tables,
            List<Sequence> sequences) {

        public Contents {
            tables = List.copyOf(tables);
            sequences = List.copyOf(sequences);
        }
    }

    private final Database target;
    private final Path file;
    private final String pgDump;
    private volatile boolean cancelled;
    private volatile SnapshotTools tools;

    /**
     * @param directory where the file is kept; made when it is absent
     * @param migration names the file
     * @param pgDump {@code schema.pg-dump}
     */
    public TargetSnapshot(Database target, Path directory, String migration, String pgDump) {
        this.target = target;
        this.file = directory.resolve(migration + ".dump");
        this.pgDump = pgDump;
    }

    /**
     * Finds the programs that are needed.
     *
     * @return their version and path, for people
     * @throws Fault TARGET_SNAPSHOT when they are missing or too old
     */
    public String checkTools() {
        return tools().toString();
    }

    /** Ends {@link #take} soon, and any that is called later; it then leaves nothing. */
    public void cancel() {
        cancelled = true;
        SnapshotTools now = tools;
        if (now != null) {
            now.cancel();
        }
    }

    /**
     * Saves what the target holds of {@code wanted}; replaces what an earlier try left.
     *
     * @param patterns which free sequences move
     * @return empty when it was cancelled
     * @throws Fault TARGET_SNAPSHOT, with nothing touched
     */
    public Optional<Contents> take(Collection<TableId> wanted, TablesConfig patterns) {
        List<Table> present = PostgresCatalogue.read(target, wanted);
        List<TableId> tables = withPartitions(present);
        List<Sequence> sequences = Sequences.read(target, patterns, present);
        if (tables.isEmpty()) {
            return Optional.of(new Contents(Instant.now(), Optional.empty(), 0, tables, sequences));
        }
        LOG.info("saving {} tables of the target to {}", tables.size(), file);
        try {
            long bytes = dump(tables);
            LOG.info("saved {} tables of the target: {} bytes in {}", tables.size(), bytes, file);
            return Optional.of(
                    new Contents(
                            Instant.now(),
                            Optional.of(file.toAbsolutePath().toString()),
                            bytes,
                            tables,
                            sequences));
        } catch (IOException e) {
            if (cancelled) {
                return Optional.empty();
            }
            throw Fault.of(
                            FaultCode.TARGET_SNAPSHOT,
                            "what the target holds could not be saved to "
                                    + file
                                    + ": "
                                    + e.getMessage(),
                            e)
                    .hint("nothing was touched; mend it, or set rollback.target-snapshot: false");
        }
    }

    private long dump(List<TableId> tables) throws IOException {
        Path half = file.resolveSibling(file.getFileName() + ".part");
        Files.createDirectories(half.toAbsolutePath().getParent());
        try {
            Files.deleteIfExists(half);
            // It holds rows: for nobody else's eyes.
            Files.createFile(
                    half,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
            tools().dump(target.config(), quoted(tables), half);
            try (FileChannel written = FileChannel.open(half, StandardOpenOption.WRITE)) {
                written.force(true);
            }
            Files.move(
                    half,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            return Files.size(file);
        } finally {
            Files.deleteIfExists(half);
        }
    }

    /**
     * Gives the tables back what they were: rows where their definitions are as they were, else
     * definitions and rows. Sequences stand where they stood.
     *
     * @throws Fault TARGET_SNAPSHOT when the file is gone or something else needs a table that must
     *     be made anew; nothing is changed then
     */
    public void restore(Contents contents) {
        if (contents.file().isPresent()) {
            Path saved = check(contents);
            try {
                restore(saved, contents.tables());
            } catch (IOException e) {
                throw failed(saved, e.getMessage(), e)
                        .hint("see that the file is whole, then start again");
            } catch (SQLException e) {
                if (NEEDED.equals(e.getSQLState())) {
                    throw failed(saved, e.getMessage(), e)
                            .hint(
                                    "definitions changed since, so the tables must be made anew:"
                                            + " drop what needs them, such as views, and start"
                                            + " again");
                }
                throw target.fault("restoring what it held", e);
            }
        }
        List<Sequence> absent = Sequences.absent(target, contents.sequences());
        Sequences.set(
                target,
                contents.sequences().stream().filter(one -> !absent.contains(one)).toList());
    }

    private static Path check(Contents contents) {
        Path saved = Path.of(contents.file().orElseThrow());
        try {
            if (Files.exists(saved) && Files.size(saved) == contents.bytes()) {
                return saved;
            }
        } catch (IOException e) {
            throw failed(saved, e.getMessage(), e);
        }
        throw failed(
                        saved,
                        "it is not there as it was written, "
                                + contents.bytes()
                                + " bytes at "
                                + contents.takenAt(),
                        null)
                .hint(
                        "bring the file back, or give up what the target held: 'landbridge abort'"
                                + " leaves the tables as they are");
    }

    private static Fault failed(Path saved, String why, Throwable cause) {
        return Fault.of(
                FaultCode.TARGET_SNAPSHOT,
                "what the target held could not be restored from " + saved + ": " + why,
                cause);
    }

    private void restore(Path saved, List<TableId> tables) throws IOException, SQLException {
        List<TableId> now = withPartitions(PostgresCatalogue.read(target, tables));
        boolean same =
                Set.copyOf(now).equals(Set.copyOf(tables))
                        && tools().definitions(saved)
                                .equals(tools().definitions(target.config(), quoted(now)));
        LOG.info(
                "restoring {} tables of the target from {}{}",
                tables.size(),
                saved,
                same ? "" : ", with their definitions, which changed since");
        try (Connection connection = target.open("restore")) {
            connection.setAutoCommit(false);
            silence(connection);
            if (same) {
                TableRows.empty(connection, now);
            } else {
                drop(connection, now);
                tools().<SQLException>section(
                                saved, "pre-data", out -> DumpScript.define(out, connection));
            }
            tools().<SQLException>section(saved, "data", out -> DumpScript.fill(out, connection));
            if (!same) {
                tools().<SQLException>section(
                                saved, "post-data", out -> DumpScript.define(out, connection));
            }
            connection.commit();
        }
        LOG.info("the target's tables hold again what they held");
    }

    private static void silence(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "SET session_replication_role = replica; SET row_security = off;"
                            + " SET check_function_bodies = off; SET lock_timeout = '30s';"
                            + " SET client_min_messages = warning");
        }
    }

    private static void drop(Connection connection, List<TableId> tables) throws SQLException {
        if (tables.isEmpty()) {
            return;
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE " + String.join(", ", quoted(tables)));
        }
    }

    /** Removes the file; the caller has forgotten its contents. */
    public void remove(Contents contents) {
        contents.file()
                .ifPresent(
                        saved -> {
                            try {
                                Files.deleteIfExists(Path.of(saved));
                            } catch (IOException e) {
                                LOG.warn("{} could not be removed: {}", saved, e.getMessage());
                            }
                        });
    }

    private List<TableId> withPartitions(List<Table> tables) {
        Set<TableId> roots = tables.stream().map(Table::id).collect(Collectors.toSet());
        return target.with(
                "reading the tables to save",
                connection -> {
                    PostgresRelations relations = PostgresRelations.read(connection);
                    return relations.named(roots).stream()
                            .flatMap(root -> relations.tree(root).stream())
                            .map(Relation::id)
                            .distinct()
                            .toList();
                });
    }

    private static List<String> quoted(Collection<TableId> tables) {
        return tables.stream().map(Sql::quote).toList();
    }

    private SnapshotTools tools() {
        if (tools == null) {
            SnapshotTools found =
                    SnapshotTools.find(
                            pgDump,
                            target.with("asking for the target's version", TargetSnapshot::major));
            tools = found;
            if (cancelled) {
                found.cancel();
            }
        }
        return tools;
    }

    private static int major(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT current_setting('server_version_num')::int / 10000")) {
            row.next();
            return row.getInt(1);
        }
    }
}
