package io.landbridge.phase;

import io.landbridge.apply.Applier;
import io.landbridge.cutover.ReversePath;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.schema.ReplicaIdentities;
import io.landbridge.source.Fence;
import io.landbridge.target.Destination;
import java.time.Duration;
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
    public Map<String, String> prove() {
        // What was read before the keys were built shows tables without any.
        work.forgetTables();
        LeftOut.keep(work.site, LeftOut.of(work.tables()));
        Route route = work.routeBack();
        // A marker would not show what rows need.
        route.to().checkWritable(route.counterparts().values());
        Fence fence = work.site.source().fence();
        fence.checkPass();
        route.to().destination().createTables();
        identities().set(route.tables());
        work.site.backLog().createPublication(route.tables());
        SourcePosition start = work.site.backLog().createSlot();
        begin(route.to().destination(), route, start);
        try (Stream stream =
                Stream.open(
                        work.site.config(),
                        route.empty(),
                        work.state().carriedBy(),
                        start,
                        Optional.empty())) {
            Applier applier = stream.startApplying(Optional.empty());
            String content = "way back:" + UUID.randomUUID();
            CompletableFuture<SourcePosition> arrived = applier.awaitMarker(content);
            route.log().emitMarker(content);
            await(stream, arrived);
        }
        route.line().remove(work.state().carriedBy());
        LOG.info("the way back is proven: a marker travelled from the target to the source");
        List<String> too = fence.admittedToo();
        return Map.of(
                "could write at the source meanwhile",
                too.isEmpty() ? "nobody" : String.join("; ", too));
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

    private void begin(Destination source, Route route, SourcePosition start) {
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
        work.site.promptSource().fence().admitUs();
        begin(route.to().destination().answeringWithin(Site.SILENCE), route, start);
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
        work.site.promptTarget().log().drop();
        identities().restore();
        work.site.source().receiver().removeTables(work.site.migration());
        work.site.source().fence().admitNobody();
        work.site.backLine().remove(work.state().carriedBy());
    }
}
