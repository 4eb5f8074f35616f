package io.landbridge.config;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A configuration and where each of its values came from.
 *
 * @param origin the file's name; {@code the configuration} when there is none
 * @param settings every key there is, in the order of {@code config/landbridge.yaml}
 */
public record LoadedConfiguration(
        Configuration configuration, String origin, List<Setting> settings) {

    public LoadedConfiguration {
        settings = List.copyOf(settings);
    }

    /** Every key that has a value, one a line, secrets masked; printed at start. */
    public String describe() {
        int width = settings.stream().mapToInt(setting -> setting.key().length()).max().orElse(0);
        return settings.stream()
                .filter(setting -> !setting.value().isEmpty())
                .map(setting -> line(setting, width))
                .collect(Collectors.joining("\n"));
    }

    private static String line(Setting setting, int width) {
        String padding = " ".repeat(width - setting.key().length());
        String origin = setting.isDefault() ? "" : "   (" + setting.where() + ")";
        return (setting.key() + padding + " = " + setting.value() + origin).stripTrailing();
    }
}
