package io.landbridge.observe;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultKind;
import java.util.Optional;

/** What both forms of a log line tell about the event's exception. */
final class LogLine {

    private LogLine() {}

    /** The fault that the event carries, at whatever depth. */
    static Optional<Fault> fault(ILoggingEvent event) {
        IThrowableProxy proxy = event.getThrowableProxy();
        Throwable error = proxy instanceof ThrowableProxy held ? held.getThrowable() : null;
        while (error != null) {
            if (error instanceof Fault fault) {
                return Optional.of(fault);
            }
            error = error.getCause();
        }
        return Optional.empty();
    }

    /**
     * The stack trace; none for a fault that an operator mends, since its text says all that helps.
     */
    static Optional<String> stack(ILoggingEvent event) {
        boolean explained =
                fault(event).filter(it -> it.code().kind() != FaultKind.BUG).isPresent();
        return event.getThrowableProxy() == null || explained
                ? Optional.empty()
                : Optional.of(
                        ThrowableProxyUtil.asString(event.getThrowableProxy()).stripTrailing());
    }
}
