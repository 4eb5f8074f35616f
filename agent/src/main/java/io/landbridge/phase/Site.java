package io.landbridge.phase;

import io.landbridge.buffer.Line;
import io.landbridge.buffer.Transports;
import io.landbridge.config.Configuration;
import io.landbridge.cutover.CutoverJournal;
import io.landbridge.fault.Closing;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.Side;
import io.landbridge.offsets.ProgressStore;
import io.landbridge.schema.ReplicaIdentities;
import io.landbridge.schema.Table;
import io.landbridge.schema.TargetSchema;
import io.landbridge.source.PostgresFence;
import io.landbridge.source.PostgresLog;
import io.landbridge.target.TableStates;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What stands still for as long as the agent runs: both databases, and the stores at either.
 *
 * @param sourceAgain the source over connections that write through its fence: for the way back
 * @param log the source's log, publication and slot
 * @param backLog the target's, for the way back
 * @param progress how far the forward stream is applied
 * @param cutovers where attempts to move the traffic are written down
 * @param transports what carries changes from capture to apply
 */
public record Site(
        Configuration config,
        Database source,
        Database sourceAgain,
        Database target,
        PostgresLog log,
        PostgresLog backLog,
        ProgressStore progress,
        TableStates states,
        CutoverJournal cutovers,
        Transports transports,
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
    Database promptSource() {
        return source.answeringWithin(silence());
    }

    /** As {@link #promptSource}. */
    Database promptTarget() {
        return target.answeringWithin(silence());
    }

    /** As {@link #promptSource}: the log that clients' writes are in until the switch. */
    PostgresLog promptLog() {
        return new PostgresLog(promptSource(), migration());
    }

    /** As {@link #promptLog}, after the switch. */
    PostgresLog promptBackLog() {
        return new PostgresLog(promptTarget(), backName(migration()));
    }

    private static String backName(String migration) {
        return migration + "_back";
    }

    /** What makes the target's schema; reads the source's catalogue. */
    TargetSchema targetSchema() {
        return new TargetSchema(
                migration(),
                source,
                target,
                config.schema(),
                config.tables(),
                config.load().workers());
    }

    ReplicaIdentities replicaIdentities() {
        return new ReplicaIdentities(migration(), source, target);
    }

    /** A site whose parts are all named after the configuration's migration. */
    public static Site of(Configuration config, CutoverJournal cutovers, Database target) {
        String name = config.migration().name();
        Database source = new Database(config.source(), Side.SOURCE);
        PostgresLog log = new PostgresLog(source, name);
        return new Site(
                config,
                source,
                PostgresFence.passing(source, log),
                target,
                log,
                new PostgresLog(target, backName(name)),
                new ProgressStore(name, "forward"),
                new TableStates(name),
                cutovers,
                new Transports(config),
                Clock.systemUTC());
    }

    /** The way changes flow in until the switch. */
    Route forth(Tables tables) {
        return new Route(
                source,
                target,
                log,
                progress,
                states,
                forthLine(),
                tables.source(),
                tables.target());
    }

    /** The way they flow in after it. */
    Route back(Tables tables) {
        return new Route(
                target,
                sourceAgain,
                backLog,
                new ProgressStore(migration(), "back"),
                states,
                backLine(),
                List.copyOf(tables.target().values()),
                tables.source().stream().collect(Collectors.toMap(Table::id, table -> table)));
    }

    Line forthLine() {
        return new Line(transports, migration());
    }

    /** No migration's name has a full stop. */
    Line backLine() {
        return new Line(transports, migration() + ".back");
    }

    @Override
    public void close() {
        Closing.all(transports, target, sourceAgain, source);
    }

    String migration() {
        return config.migration().name();
    }
}
