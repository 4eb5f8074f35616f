package io.landbridge.kafka;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.landbridge.config.ConnectConfig;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A connector's configuration: {@code config/connectors/KIND.json}, in which {@code %{NAME}} stands
 * for what the agent knows. Connect's own placeholders pass through.
 */
final class ConnectorTemplate {

    private static final Pattern PLACEHOLDER = Pattern.compile("%\\{([^}]*)}");

    /** What a user's session needs at the driver; all but what only the agent's JVM has. */
    private static final String DRIVER = "driver.";

    private static final String SOCKETS = "driver.socketFactory";

    private final ConnectConfig config;
    private final String kind;

    /**
     * @param kind {@code postgresql} or {@code mysql}
     */
    ConnectorTemplate(ConnectConfig config, String kind) {
        this.config = config;
        this.kind = kind;
    }

    /**
     * The configuration with every placeholder filled in.
     *
     * @param known what the placeholders stand for; those that begin with {@code driver.} are taken
     *     over without one
     */
    Map<String, String> fill(Map<String, String> known) {
        Map<String, String> filled = new TreeMap<>();
        known.forEach(
                (name, value) -> {
                    if (name.startsWith(DRIVER) && !name.startsWith(SOCKETS)) {
                        filled.put(name, value);
                    }
                });
        read().forEach((name, value) -> filled.put(name, replace(name, value, known)));
        config.properties().forEach((name, value) -> filled.put(name, value.reveal()));
        filled.values().removeIf(String::isEmpty);
        return filled;
    }

    private static String replace(String key, String value, Map<String, String> known) {
        Function<String, String> meaning =
                name ->
                        Optional.ofNullable(known.get(name))
                                .orElseThrow(
                                        () ->
                                                invalid(
                                                        key
                                                                + " has %{"
                                                                + name
                                                                + "}, which stands for nothing"));
        return PLACEHOLDER
                .matcher(value)
                .replaceAll(found -> Matcher.quoteReplacement(meaning.apply(found.group(1))));
    }

    private Map<String, String> read() {
        Path own = config.template();
        try (InputStream in =
                own.toString().isEmpty()
                        ? ConnectorTemplate.class.getResourceAsStream(
                                "/connectors/" + kind + ".json")
                        : Files.newInputStream(own)) {
            return new ObjectMapper().readValue(in, new TypeReference<Map<String, String>>() {});
        } catch (IOException e) {
            throw invalid("the connector's template can't be read: " + e.getMessage());
        }
    }

    private static Fault invalid(String what) {
        return Fault.of(FaultCode.CONFIG_INVALID, what)
                .hint("see kafka.connect.template, and config/connectors for ours");
    }
}
