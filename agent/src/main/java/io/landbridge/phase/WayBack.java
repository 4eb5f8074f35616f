package io.landbridge.phase;

import io.landbridge.apply.Applier;
import io.landbridge.cutover.ReversePath;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.Relations;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.schema.ReplicaIdentities;
import io.landbridge.schema.Sql;
import io.landbridge.schema.Table;
import io.landbridge.target.PostgresDestination;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What carries changes from the target back to the source: a slot and a publication at the target,
 * progress at the source. It begins at a position of the target's log that is read while both sides
 * stand still, so that nothing which the forward stream wrote ever comes back.
 */
final class WayBack implements ReversePath {

    private static final Logger LOG = LoggerFactory.getLogger(WayBack.class);
    private static final Duration HEARTBEAT = Duration.ofSeconds(60);

    private final Workplace work;

    WayBack(Workplace work) {
        this.work = work;
    }

    /**
     * Makes the slot and lets a marker travel the whole way, with no table on it: what is applied
     * to the target meanwhile is the forward stream's own.
     */
    @Override
    public void prove() {
        // What was read before the keys were built shows tables without any.
        work.forgetTables();
        LeftOut.keep(work.site, LeftOut.of(work.tables()));
        Route route = work.routeBack();
        checkRows(route);
        new PostgresDestination(route.to()).createTables();
        identities().set(route.tables());
        work.site.backLog().createPublication(route.tables());
        SourcePosition start = work.site.backLog().createSlot();
        begin(route.to(), route, start);
        try (Stream stream =
                Stream.open(work.site.config(), route.empty(), work.state().carriedBy(), start)) {
            Applier applier = stream.startApplying(Optional.empty());
            String content = "way back:" + UUID.randomUUID();
            CompletableFuture<SourcePosition> arrived = applier.awaitMarker(content);
            route.log().emitMarker(content);
            await(stream, arrived);
        }
        route.line().remove(work.state().carriedBy());
        LOG.info("the way back is proven: a marker travelled from the target to the source");
    }

    private static void await(Stream stream, CompletableFuture<SourcePosition> arrived) {
        long deadline = System.nanoTime() + HEARTBEAT.toNanos();
        while (true) {
            try {
                arrived.get(100, TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException e) {
                stream.check();
                if (System.nanoTime() - deadline > 0) {
                    throw Fault.of(
                                    FaultCode.CUTOVER_REFUSED,
                                    "no marker came through from the target to the source",
                                    e)
                            .hint("see the log for what the way back is waiting for");
                }
            } catch (ExecutionException e) {
                throw e.getCause() instanceof Fault fault
                        ? fault
                        : Fault.of(FaultCode.INTERNAL, "the way back ended", e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Fault.of(FaultCode.CUTOVER_REFUSED, "interrupted", e);
            }
        }
    }

    /** A marker would not show what rows need. */
    private static void checkRows(Route route) {
        List<String> refused =
                route.to()
                        .with(
                                "asking for the right to write rows back",
                                connection -> {
                                    List<String> found = new ArrayList<>();
                                    for (Table table : route.counterparts().values()) {
                                        if (!mayWrite(connection, table)) {
                                            found.add(Sql.quote(table.id()));
                                        }
                                    }
                                    return found;
                                });
        if (!refused.isEmpty()) {
            throw Fault.of(
                            FaultCode.SOURCE_RIGHTS,
                            "the role may not write to the source's tables, which the way back"
                                    + " needs: "
                                    + refused)
                    .hint(
                            "GRANT INSERT, UPDATE, DELETE, TRUNCATE ON "
                                    + String.join(", ", refused)
                                    + " TO "
                                    + Sql.quote(route.to().config().user()));
        }
    }

    private static boolean mayWrite(Connection connection, Table table) throws SQLException {
        try (var ask =
                connection.prepareStatement(
                        "SELECT bool_and(has_table_privilege(?::text::regclass, p)) FROM"
                                + " unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) p")) {
            ask.setString(1, Sql.quote(table.id()));
            try (var row = ask.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    /**
     * A published table without an identity refuses updates and deletes: the application's, at the
     * target. Such tables log whole rows from here on, until the way back is closed.
     */
    private ReplicaIdentities identities() {
        return new ReplicaIdentities(
                work.site.migration() + ".back",
                work.site.promptTarget().database(),
                work.site.promptTarget().database());
    }

    private void begin(Database source, Route route, SourcePosition start) {
        source.inTransaction(
                "setting the way back's progress",
                connection -> {
                    route.progress()
                            .reset(connection, work.site.config().apply().workers(), start, 0, 0);
                    return null;
                });
    }

    /** From the present end of the target's log on, which nobody writes to now. */
    @Override
    public Map<String, String> open() {
        Route route = work.routeBack();
        SourcePosition start = work.site.promptTarget().log().currentPosition();
        begin(route.to().answeringWithin(Site.SILENCE), route, start);
        return Map.of(
                POSITION,
                start.text(),
                "columns that only the target has",
                LeftOut.describe(route.leftOut()));
    }

    /** Where it begins is set anew when it is opened again; {@link #close} removes the rest. */
    @Override
    public void shut() {
        LOG.info("the way back is not used");
    }

    /** Where {@link #open}'s facts say that the way back begins. */
    static final String POSITION = "position";

    @Override
    public void close() {
        if (work.site.source().writable().isEmpty()) {
            return;
        }
        work.site.promptTarget().log().drop();
        identities().restore();
        work.site
                .source()
                .writable()
                .orElseThrow()
                .answeringWithin(Site.SILENCE)
                .inTransaction("removing the way back's progress", this::removeTables);
        work.site.backLine().remove(work.state().carriedBy());
    }

    private Void removeTables(Connection connection) throws SQLException {
        String[] tables = {"progress", "table_state", "apply_note"};
        for (String table : tables) {
            removeTable(connection, "landbridge." + table);
        }
        try (Statement statement = connection.createStatement();
                var row =
                        statement.executeQuery(
                                "SELECT to_regnamespace('landbridge') IS NOT NULL AND NOT EXISTS"
                                        + " (SELECT FROM pg_depend WHERE refclassid ="
                                        + " 'pg_namespace'::regclass AND refobjid ="
                                        + " to_regnamespace('landbridge') AND deptype = 'n')")) {
            row.next();
            boolean empty = row.getBoolean(1);
            if (empty) {
                statement.execute("DROP SCHEMA landbridge");
            }
        }
        return null;
    }

    /** Forgets our rows; a table that nobody else has rows in goes. */
    private void removeTable(Connection connection, String table) throws SQLException {
        if (!Relations.exists(connection, table)) {
            return;
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "DELETE FROM "
                            + table
                            + " WHERE migration = "
                            + Sql.literal(work.site.migration()));
            try (var row =
                    statement.executeQuery("SELECT NOT EXISTS (SELECT FROM " + table + ")")) {
                row.next();
                if (!row.getBoolean(1)) {
                    return;
                }
            }
            statement.execute("DROP TABLE " + table);
        }
    }
}
