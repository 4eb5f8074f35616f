package io.landbridge.observe;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.Layout;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import io.landbridge.config.LoggingConfig;
import io.landbridge.config.LoggingConfig.Format;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * Sets up where log lines go and how they look, for the whole process. Called once, before the
 * first room is opened; calling it again replaces what was.
 */
public final class Logs {

    /** They say much that nobody asked; at our own debug level they may. */
    private static final List<String> CHATTY =
            List.of(
                    "io.debezium",
                    "org.apache.kafka",
                    "net.openhft",
                    "com.zaxxer",
                    "org.postgresql");

    private static final LogTail TAIL = new LogTail();

    private Logs() {}

    /** The last lines, wherever they go. */
    static LogTail tail() {
        return TAIL;
    }

    /** To standard error: what a service manager or a container keeps. */
    public static void toStandardError(LoggingConfig config) {
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setTarget("System.err");
        install(config, appender);
    }

    /**
     * Appended to {@code file}, while the terminal shows progress instead.
     *
     * @throws Fault CONFIG_INVALID when the file can't be written
     */
    public static void toFile(LoggingConfig config, Path file) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.newOutputStream(
                            file,
                            java.nio.file.StandardOpenOption.CREATE,
                            java.nio.file.StandardOpenOption.APPEND)
                    .close();
        } catch (IOException e) {
            throw Fault.of(FaultCode.CONFIG_INVALID, "can't write the log file " + file, e)
                    .hint("let state-dir name a directory this user may write to");
        }
        FileAppender<ILoggingEvent> appender = new FileAppender<>();
        appender.setFile(file.toString());
        install(config, appender);
    }

    /** Nothing at all but errors of ours: for commands that only ask a running agent. */
    public static void silent() {
        toStandardError(new LoggingConfig(Format.TEXT, "error"));
    }

    private static void install(
            LoggingConfig config, OutputStreamAppender<ILoggingEvent> appender) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        Layout<ILoggingEvent> layout =
                config.format() == Format.JSON ? new JsonLines() : new TextLines();
        layout.setContext(context);
        layout.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(context);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.setLayout(layout);
        encoder.start();
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.start();
        Level level = Level.toLevel(config.level());
        context.getLogger("ROOT").setLevel(level);
        context.getLogger("ROOT").addAppender(appender);
        TAIL.setContext(context);
        TAIL.start();
        context.getLogger("ROOT").addAppender(TAIL);
        Level others = level.isGreaterOrEqual(Level.INFO) ? Level.WARN : Level.INFO;
        for (String name : CHATTY) {
            context.getLogger(name).setLevel(level.isGreaterOrEqual(others) ? level : others);
        }
        JulBridge.install();
    }
}
