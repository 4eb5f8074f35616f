package io.landbridge.phase;

import io.landbridge.buffer.Line;
import io.landbridge.buffer.Transports;
import io.landbridge.capture.ConfiguredHosts;
import io.landbridge.capture.EngineHosts;
import io.landbridge.change.TableId;
import io.landbridge.config.Configuration;
import io.landbridge.cutover.CutoverJournal;
import io.landbridge.fault.Closing;
import io.landbridge.jdbc.Database;
import io.landbridge.offsets.ProgressStore;
import io.landbridge.schema.Table;
import io.landbridge.source.PostgresLog;
import io.landbridge.source.SourceLog;
import io.landbridge.target.TableStates;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What stands still for as long as the agent runs: both databases, and the stores at either.
 *
 * @param targetAsOrigin the target as what changes come from: for the way back
 * @param progress how far the forward stream is applied
 * @param cutovers where attempts to move the traffic are written down
 * @param transports what carries changes from capture to apply
 * @param hosts where the source's log is read
 */
public record Site(
        Configuration config,
        MigrationSource source,
        Database target,
        PostgresOrigin targetAsOrigin,
        ProgressStore progress,
        TableStates states,
        CutoverJournal cutovers,
        Transports transports,
        ConfiguredHosts hosts,
        Clock clock)
        implements AutoCloseable {

    /** Of a server, after which a move takes it for lost. */
    public static final Duration SILENCE = Duration.ofSeconds(10);

    /**
     * Longest silence of a server while clients may be held. Longer than the fence's locks take.
     */
    private Duration silence() {
        Duration locks = config.cutover().lockTimeout().multipliedBy(2);
        return locks.compareTo(SILENCE) > 0 ? Duration.ofSeconds(locks.toSeconds() + 1) : SILENCE;
    }

    /** The source as a move works on it: a server that falls silent is lost, not waited for. */
    Origin promptSource() {
        return source.answeringWithin(silence());
    }

    /** As {@link #promptSource}, what takes the writes after the switch. */
    PostgresOrigin promptTarget() {
        return targetAsOrigin.answeringWithin(silence());
    }

    /** A site whose parts are all named after the configuration's migration. */
    public static Site of(Configuration config, CutoverJournal cutovers, Database target) {
        String name = config.migration().name();
        MigrationSource source = source(config, target);
        return new Site(
                config,
                source,
                target,
                new PostgresOrigin(
                        target,
                        new PostgresLog(target, name + "_back"),
                        config.tables(),
                        source::words),
                new ProgressStore(name, "forward"),
                new TableStates(name),
                cutovers,
                new Transports(config),
                new ConfiguredHosts(config),
                Clock.systemUTC());
    }

    private static MigrationSource source(Configuration config, Database target) {
        return switch (config.source().kind()) {
            case POSTGRESQL -> PostgresMigrationSource.of(config, target);
            case MYSQL, MARIADB -> MysqlMigrationSource.of(config, target);
        };
    }

    /** The source's log. */
    SourceLog log() {
        return source.log();
    }

    /** The target's, for the way back. */
    PostgresLog backLog() {
        return targetAsOrigin.log();
    }

    /** The way changes flow in until the switch. */
    Route forth(Tables tables) {
        return new Route(
                source,
                new PostgresReceiver(target, source::words),
                progress,
                states,
                forthLine(),
                hosts,
                tables.source(),
                tables.target(),
                Map.of());
    }

    /**
     * The way they flow in after it.
     *
     * @param leftOut columns that only the target has, and that stay there
     */
    Route back(Tables tables, Map<TableId, Set<String>> leftOut) {
        return new Route(
                targetAsOrigin,
                source.receiver(),
                new ProgressStore(migration(), "back"),
                states,
                backLine(),
                EngineHosts.HERE,
                tables.target().values().stream()
                        .map(table -> table.without(leftOut.getOrDefault(table.id(), Set.of())))
                        .toList(),
                tables.source().stream().collect(Collectors.toMap(Table::id, table -> table)),
                leftOut);
    }

    Line forthLine() {
        return new Line(transports, migration());
    }

    /** No migration's name has a full stop. */
    Line backLine() {
        return new Line(transports, migration() + ".back");
    }

    /** Closes connections that were kept ready for a move and not needed. */
    void closeReady() {
        source.closeReady();
        target.closeReady();
        source.receiver().closeReady();
    }

    @Override
    public void close() {
        Closing.all(transports, target, source);
    }

    String migration() {
        return config.migration().name();
    }
}
