package io.landbridge.observe;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** Brings what the JDK and the driver log by java.util.logging to where all lines go. */
final class JulBridge extends Handler {

    /** Replaces the JDK's own handler; what is below a warning stays unsaid. */
    static void install() {
        LogManager.getLogManager().reset();
        Logger root = Logger.getLogger("");
        root.setLevel(Level.WARNING);
        root.addHandler(new JulBridge());
    }

    @Override
    public void publish(LogRecord entry) {
        String name = entry.getLoggerName() == null ? "java" : entry.getLoggerName();
        LoggingEventBuilder event =
                entry.getLevel().intValue() >= Level.SEVERE.intValue()
                        ? LoggerFactory.getLogger(name).atError()
                        : LoggerFactory.getLogger(name).atWarn();
        event.setCause(entry.getThrown()).log("{}", entry.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
