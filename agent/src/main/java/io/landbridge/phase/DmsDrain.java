package io.landbridge.phase;

import io.landbridge.cutover.Drain;
import io.landbridge.dms.MarkerRow;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.offsets.SourcePosition;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * DMS's end: a marker row has arrived, and then the task is stopped, since what DMS writes after
 * that, such as changes that it repeats when it recovers, could lie over what clients write.
 */
final class DmsDrain implements Drain {

    private static final Logger LOG = LoggerFactory.getLogger(DmsDrain.class);
    private static final long GLANCE_MILLIS = 20;

    private final Site site;
    private final MarkerRow marker;
    private final DmsForth forth;
    private volatile CompletableFuture<SourcePosition> awaited = new CompletableFuture<>();

    DmsDrain(Site site, MarkerRow marker, DmsForth forth) {
        this.site = site;
        this.marker = marker;
        this.forth = forth;
    }

    /** The marker itself is written by {@link #mark}; its number says which it is. */
    @Override
    public CompletableFuture<SourcePosition> awaitMarker(String content) {
        awaited = new CompletableFuture<>();
        return awaited;
    }

    /** Writes the marker, and sees it through. */
    void mark() {
        CompletableFuture<SourcePosition> end = awaited;
        long number = marker.write();
        start(() -> carry(number, end));
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "dms-drain");
        thread.setDaemon(true);
        thread.start();
    }

    private void carry(long number, CompletableFuture<SourcePosition> end) {
        try {
            boolean goesOn = true;
            while (goesOn && !marker.hasArrived(number)) {
                goesOn = waitsOn(end, GLANCE_MILLIS);
            }
            if (goesOn) {
                forth.halt(millis -> waitsOn(end, millis));
                end.complete(site.promptSource().log().currentPosition());
            }
        } catch (Fault | InterruptedException e) {
            end.completeExceptionally(e);
        } catch (RuntimeException | Error e) {
            end.completeExceptionally(
                    Fault.of(FaultCode.INTERNAL, "the drain ended unexpectedly: " + e, e));
        }
    }

    /** False once nobody waits for {@code end} any more. */
    private static boolean waitsOn(CompletableFuture<SourcePosition> end, long millis)
            throws InterruptedException {
        try {
            end.get(millis, TimeUnit.MILLISECONDS);
            return false;
        } catch (TimeoutException e) {
            return true;
        } catch (ExecutionException | CancellationException e) {
            return false;
        }
    }

    /** Nobody waits for it: the fence may still be up. What fails here FOLLOW does again. */
    @Override
    public void release() {
        start(
                () -> {
                    try {
                        forth.goSoon();
                    } catch (Fault e) {
                        LOG.warn("the task is not started yet: {}", e.describe());
                    }
                });
    }

    /** Ends the wait, from any thread. */
    void breakOff() {
        awaited.completeExceptionally(
                Fault.of(FaultCode.CUTOVER_REFUSED, "somebody asked to stop"));
    }
}
