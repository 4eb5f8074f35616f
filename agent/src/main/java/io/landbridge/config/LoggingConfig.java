package io.landbridge.config;

/** Section {@code logging}: how log lines look, and from which level on. */
public record LoggingConfig(Format format, String level) {

    /** Lines for people, or one JSON object a line. */
    public enum Format {
        TEXT,
        JSON
    }
}
