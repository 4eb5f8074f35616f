package io.landbridge.soak;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** How long each step of a migration took, by the agent's own log in JSON lines. */
final class StepTimes {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String STEP = "step ";

    private StepTimes() {}

    /** Steps in the order in which they came; one that came twice is added up. */
    static Map<String, Duration> read(Path log) {
        Map<String, Duration> times = new LinkedHashMap<>();
        String step = "START";
        Instant since = null;
        Instant last = null;
        try {
            for (String line : Files.readAllLines(log)) {
                if (!line.startsWith("{")) {
                    continue;
                }
                JsonNode entry = JSON.readTree(line);
                last = Instant.parse(entry.get("at").asText());
                since = since == null ? last : since;
                String message = entry.get("message").asText();
                boolean began = message.startsWith("migration ") && message.contains("begins");
                if (message.startsWith(STEP) || began) {
                    times.merge(step, Duration.between(since, last), Duration::plus);
                    step = began ? "ASSESS" : message.substring(STEP.length());
                    since = last;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (since != null) {
            times.merge(step, Duration.between(since, last), Duration::plus);
        }
        return times;
    }
}
