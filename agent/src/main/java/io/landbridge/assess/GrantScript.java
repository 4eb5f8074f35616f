package io.landbridge.assess;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What a migration's roles need, to be run by somebody who may grant it. Running it again changes
 * nothing more.
 *
 * @param source statements for the source, each whole and without its semicolon; lines that begin
 *     with {@code --} are for people
 * @param target likewise for the target
 */
public record GrantScript(List<String> source, List<String> target) {

    public GrantScript {
        source = List.copyOf(source);
        target = List.copyOf(target);
    }

    /** One side's lines as a script that a server's own client takes. */
    public static String text(List<String> lines) {
        return lines.stream()
                .map(line -> line.startsWith("--") ? line : line + ";")
                .collect(Collectors.joining(System.lineSeparator()));
    }
}
