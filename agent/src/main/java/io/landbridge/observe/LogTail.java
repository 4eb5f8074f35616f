package io.landbridge.observe;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The log's last lines, for the page. Thread-safe. */
final class LogTail extends AppenderBase<ILoggingEvent> {

    private static final int MOST = 300;
    private static final int MOST_CHARACTERS = 2_000;

    private final Deque<Line> lines = new ArrayDeque<>();
    private long count;

    /**
     * One line.
     *
     * @param number counts up from 1 since the agent started
     * @param text with the fault's code and hint, without a stack trace
     */
    record Line(long number, Instant at, String level, String text) {}

    @Override
    protected synchronized void append(ILoggingEvent event) {
        StringBuilder text = new StringBuilder(event.getFormattedMessage());
        LogLine.fault(event).ifPresent(fault -> text.append(" | ").append(fault.describe()));
        if (text.length() > MOST_CHARACTERS) {
            text.setLength(MOST_CHARACTERS);
            text.append(" ...");
        }
        count++;
        lines.addLast(
                new Line(count, event.getInstant(), event.getLevel().toString(), text.toString()));
        if (lines.size() > MOST) {
            lines.removeFirst();
        }
    }

    /** Those after line {@code number}, as many as are kept; all with 0. */
    synchronized List<Line> after(long number) {
        return lines.stream().filter(line -> line.number() > number).toList();
    }
}
