package io.landbridge.capture;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** Tells by types what ended a session, whatever the source is. */
public final class BrokenStream {

    private BrokenStream() {}

    /**
     * The fault of the first cause of {@code why} that says something.
     *
     * @param engines the fault that an error of the source's own kind means; none for other errors
     */
    public static Fault fault(Throwable why, Function<Throwable, Optional<Fault>> engines) {
        for (Throwable cause = why; cause != null; cause = cause.getCause()) {
            if (cause instanceof Fault fault) {
                return fault;
            }
            Optional<Fault> own = engines.apply(cause);
            if (own.isPresent()) {
                return own.get();
            }
            if (cause instanceof Error) {
                return Fault.of(FaultCode.INTERNAL, "the capture failed: " + cause, why)
                        .hint("restart the agent: it goes on from the last commit");
            }
            if (cause instanceof IOException || cause instanceof TimeoutException) {
                return Fault.of(
                        FaultCode.SOURCE_UNREACHABLE,
                        "the connection to the source broke: " + cause.getMessage(),
                        why);
            }
        }
        return Fault.of(FaultCode.CAPTURE_STOPPED, "the stream broke: " + why.getMessage(), why)
                .hint("the log has the details; the capture tries again by itself");
    }
}
