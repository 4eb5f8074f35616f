package io.landbridge.phase;

import io.landbridge.apply.Applier;
import io.landbridge.cutover.Drain;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.offsets.SourcePosition;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * A stream's end. The stream is opened only when something is waited for: what undoes a cutover
 * after a crash needs none, and must not wait for one.
 */
final class StreamDrain implements Drain {

    private final Workplace work;
    private final Supplier<Stream> stream;
    private volatile CompletableFuture<SourcePosition> awaited = new CompletableFuture<>();

    /**
     * @param stream opens it and starts to apply, where that is not done
     */
    StreamDrain(Workplace work, Supplier<Stream> stream) {
        this.work = work;
        this.stream = stream;
    }

    @Override
    public CompletableFuture<SourcePosition> awaitMarker(String content) {
        Applier applier = stream.get().goOn();
        awaited = applier.awaitMarker(content);
        return awaited;
    }

    @Override
    public void release() {
        work.openStream().flatMap(Stream::applier).ifPresent(Applier::release);
    }

    /** Ends the wait, from any thread. */
    void breakOff() {
        awaited.completeExceptionally(
                Fault.of(FaultCode.CUTOVER_REFUSED, "somebody asked to stop"));
    }
}
