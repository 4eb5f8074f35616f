package io.landbridge.config;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The environment variables that are understood without a file, and the keys they stand for. */
final class EnvironmentKeys {

    /** Variable to key; the file goes before them. */
    static final Map<String, String> NAMES = new LinkedHashMap<>();

    static {
        NAMES.put("SOURCE_DB_URL", "source.url");
        NAMES.put("SOURCE_DB_USER", "source.user");
        NAMES.put("SOURCE_DB_PASSWORD", "source.password");
        NAMES.put("TARGET_DB_URL", "target.url");
        NAMES.put("TARGET_DB_USER", "target.user");
        NAMES.put("TARGET_DB_PASSWORD", "target.password");
        NAMES.put("KAFKA_BOOTSTRAP_SERVERS", "kafka.bootstrap-servers");
        NAMES.put("KAFKA_TOPIC_PREFIX", "kafka.topic-prefix");
        NAMES.put("DEBEZIUM_CONNECT_URL", "kafka.connect-url");
        NAMES.put("AWS_REGION", "metrics.cloudwatch.region");
        NAMES.put("CLOUDWATCH_NAMESPACE", "metrics.cloudwatch.namespace");
        NAMES.put("METRICS_INTERVAL_SECONDS", "metrics.interval");
        NAMES.put("ENABLE_CHECKSUMS", "validation.checksums");
        NAMES.put("VALIDATION_SAMPLE_SIZE", "validation.sample-size");
        NAMES.put("LANDBRIDGE_HTTP_TOKEN", "http.token");
    }

    private EnvironmentKeys() {}

    static Map<String, Given> read(Map<String, String> environment) {
        Map<String, Given> result = new LinkedHashMap<>();
        NAMES.forEach(
                (name, key) -> {
                    String value = environment.get(name);
                    if (value != null && !value.isEmpty()) {
                        String text = asInFile(name, value.strip());
                        result.put(key, new Given(text, "environment " + name, 0));
                    }
                });
        return result;
    }

    private static String asInFile(String name, String value) {
        if (name.endsWith("_SECONDS") && value.matches("\\d+")) {
            return value + "s";
        }
        if (name.startsWith("ENABLE_")) {
            return switch (value.toLowerCase(Locale.ROOT)) {
                case "1", "yes", "on" -> "true";
                case "0", "no", "off" -> "false";
                default -> value;
            };
        }
        return value;
    }
}
