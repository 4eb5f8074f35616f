package io.landbridge.observe;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.LayoutBase;
import io.landbridge.fault.Fault;
import java.time.temporal.ChronoUnit;

/** {@code 2026-01-01T12:00:00.123Z WARN capture [SOURCE_UNREACHABLE] message}: for people. */
final class TextLines extends LayoutBase<ILoggingEvent> {

    @Override
    public String doLayout(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(128);
        line.append(event.getInstant().truncatedTo(ChronoUnit.MILLIS)).append(' ');
        line.append(event.getLevel());
        line.append(" ".repeat(Math.max(0, 5 - event.getLevel().toString().length())));
        line.append(" [").append(event.getThreadName()).append("] ");
        line.append(event.getFormattedMessage());
        LogLine.fault(event).map(Fault::describe).ifPresent(it -> line.append(" | ").append(it));
        line.append(System.lineSeparator());
        LogLine.stack(event).ifPresent(it -> line.append(it).append(System.lineSeparator()));
        return line.toString();
    }
}
