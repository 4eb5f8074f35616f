package io.landbridge.observe;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.landbridge.change.TableId;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.offsets.Lsn;
import org.junit.jupiter.api.Test;

class LogLinesTest {

    private final Fault gap =
            Fault.of(FaultCode.SOURCE_GAP, "the slot is gone")
                    .in(new TableId("public", "orders"))
                    .at(new Lsn(0x4000))
                    .hint("start again");

    private final Logger logger = new LoggerContext().getLogger("io.landbridge.capture");

    @Test
    void textTellsAFaultWithCodeAndHintButNoStack() {
        assertThat(new TextLines().doLayout(event("capture ended", gap)))
                .matches("(?s)\\S+Z WARN  \\[\\S+\\] capture ended \\| SOURCE_GAP: .*\\R")
                .contains("the slot is gone (table public.orders) (at 0/4000). start again")
                .doesNotContain("\tat ");
    }

    @Test
    void jsonCarriesTheCodeAsAField() throws Exception {
        JsonNode line =
                new ObjectMapper()
                        .readTree(
                                new JsonLines()
                                        .doLayout(
                                                event("it \"ended\"", new RuntimeException(gap))));
        assertThat(line.get("message").asText()).isEqualTo("it \"ended\"");
        assertThat(line.get("level").asText()).isEqualTo("WARN");
        assertThat(line.get("code").asText()).isEqualTo("SOURCE_GAP");
        assertThat(line.get("kind").asText()).isEqualTo("SOURCE");
        assertThat(line.get("table").asText()).isEqualTo("public.orders");
        assertThat(line.get("position").asText()).isEqualTo("0/4000");
        assertThat(line.get("hint").asText()).isEqualTo("start again");
        assertThat(line.has("stack")).isFalse();
    }

    @Test
    void faultsOfOursCarryTheirStack() {
        Fault ours = Fault.of(FaultCode.INTERNAL, "impossible");
        assertThat(new TextLines().doLayout(event("oh", ours))).contains("LogLinesTest");
        assertThat(new JsonLines().doLayout(event("oh", ours))).contains("\"stack\":");
        assertThat(new TextLines().doLayout(event("oh", new IllegalStateException("x"))))
                .contains("java.lang.IllegalStateException: x");
    }

    @Test
    void jsonLineIsOneLine() {
        assertThat(new JsonLines().doLayout(event("a\nb", new RuntimeException("c\nd"))).lines())
                .hasSize(1);
    }

    private LoggingEvent event(String message, Throwable error) {
        return new LoggingEvent("here", logger, Level.WARN, message, error, null);
    }
}
