package io.landbridge.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What all sections share while one configuration is read. */
final class Reading {

    private final Problems problems = new Problems();
    private final List<Setting> settings = new ArrayList<>();
    private final Placeholders placeholders;
    private final Map<String, Given> overrides;
    private final Map<String, Given> environment;

    Reading(
            Placeholders placeholders,
            Map<String, Given> overrides,
            Map<String, Given> environment) {
        this.placeholders = placeholders;
        this.overrides = overrides;
        this.environment = environment;
    }

    Problems problems() {
        return problems;
    }

    Placeholders placeholders() {
        return placeholders;
    }

    /** What the command line gives for the key of this full name; goes before the file. */
    Optional<Given> override(String key) {
        return Optional.ofNullable(overrides.get(key));
    }

    /** What the environment gives for it; goes behind the file. */
    Optional<Given> environment(String key) {
        return Optional.ofNullable(environment.get(key));
    }

    /** Keeps the value that took effect. */
    void settle(String key, String fallback, String value, Optional<Given> given) {
        settings.add(new Setting(key, value, fallback, given.map(Given::where).orElse("default")));
    }

    List<Setting> settings() {
        return settings;
    }
}
