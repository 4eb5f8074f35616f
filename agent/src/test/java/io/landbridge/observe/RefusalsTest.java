package io.landbridge.observe;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.sun.net.httpserver.Headers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RefusalsTest {

    private final Logger logger = (Logger) LoggerFactory.getLogger(Refusals.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final AtomicLong nanos = new AtomicLong();
    private final Refusals refusals = new Refusals(nanos::get);

    @BeforeEach
    void listen() {
        lines.start();
        // Whatever a command of another test in this JVM has silenced.
        logger.setLevel(Level.WARN);
        logger.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(lines);
        logger.setLevel(null);
    }

    @Test
    void aFloodOfGuessedTokensIsALineInTenSeconds() {
        for (int second = 0; second < 25; second++) {
            nanos.set(Duration.ofSeconds(second).toNanos());
            for (int i = 0; i < 100; i++) {
                refusals.add(
                        new Request("10.0.0.9", "POST", "/api/v1/abort", new Headers(), ""), 401);
            }
        }
        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "refused POST /api/v1/abort from 10.0.0.9: status 401",
                        "refused POST /api/v1/abort from 10.0.0.9: status 401, and 999 more since"
                                + " the line before",
                        "refused POST /api/v1/abort from 10.0.0.9: status 401, and 999 more since"
                                + " the line before");
    }
}
