package io.landbridge.validate;

import io.landbridge.change.TableId;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which columns' values no report shows: patterns {@code schema.table.column}, {@code *}, {@code
 * ?}.
 */
final class Mask {

    static final String HIDDEN = "********";

    private final List<Pattern> patterns;

    Mask(List<String> patterns) {
        this.patterns = patterns.stream().map(Mask::pattern).toList();
    }

    boolean hides(TableId table, String column) {
        String name = table + "." + column;
        return patterns.stream().anyMatch(pattern -> pattern.matcher(name).matches());
    }

    private static Pattern pattern(String glob) {
        return Pattern.compile(
                glob.chars()
                        .mapToObj(
                                c ->
                                        switch (c) {
                                            case '*' -> ".*";
                                            case '?' -> ".";
                                            default -> Pattern.quote(Character.toString(c));
                                        })
                        .collect(Collectors.joining()),
                Pattern.DOTALL);
    }
}
