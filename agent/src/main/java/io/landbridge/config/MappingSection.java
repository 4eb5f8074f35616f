package io.landbridge.config;

import io.landbridge.config.MappingConfig.CaseInsensitive;
import io.landbridge.config.MappingConfig.Enums;
import io.landbridge.config.MappingConfig.ZeroDates;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads {@code schema.mapping}. */
final class MappingSection {

    private MappingSection() {}

    static MappingConfig read(Section section) {
        MappingConfig config =
                new MappingConfig(
                        pairs(section, "types", ".+"),
                        pairs(section, "columns", ".+\\..+\\..+"),
                        pairs(section, "schemas", ".+"),
                        pairs(section, "tables", ".+\\..+"),
                        section.flag("lower-case", false),
                        section.choice("enums", Enums.class, Enums.TYPE),
                        section.choice(
                                "case-insensitive", CaseInsensitive.class, CaseInsensitive.PLAIN),
                        section.choice("zero-dates", ZeroDates.class, ZeroDates.REFUSE));
        section.refuseUnknown();
        return config;
    }

    /**
     * A list of {@code LEFT = RIGHT}, in its order; {@code left} is what the left must look like.
     */
    private static Map<String, String> pairs(Section section, String key, String left) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String pair : section.list(key, "", text -> pair(text, left))) {
            int equals = pair.lastIndexOf('=');
            pairs.put(pair.substring(0, equals).strip(), pair.substring(equals + 1).strip());
        }
        return pairs;
    }

    private static String pair(String text, String left) {
        if (!text.matches("(?s)" + left + "=.*\\S.*")) {
            throw new IllegalArgumentException("'" + text + "' is not LEFT = RIGHT");
        }
        return text;
    }
}
