package io.landbridge.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.NodeType;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * One section of the configuration while it is read. Each getter names a key, its default as the
 * file would spell it, and how its text is read; what was asked for is what is known, so {@link
 * #refuseUnknown} can tell the rest. A key that can't be read is a problem noted, and its default
 * is given instead, so that reading goes on to the next problem.
 *
 * <p>A value comes from the first of: command line, file, environment, default.
 */
final class Section {

    private final String path;
    private final Reading reading;
    private final Map<String, Node> nodes = new TreeMap<>();
    private final Map<String, ScalarNode> names = new TreeMap<>();
    private final List<String> known = new ArrayList<>();

    Section(String path, Node node, Reading reading) {
        this.path = path;
        this.reading = reading;
        if (node instanceof MappingNode mapping) {
            mapping.getValue().forEach(this::take);
        } else if (node != null && !isNothing(node)) {
            reading.problems()
                    .add(at(node), path, "expected keys below it, one a line and indented");
        }
    }

    private void take(NodeTuple tuple) {
        if (!(tuple.getKeyNode() instanceof ScalarNode name)) {
            reading.problems().add(at(tuple.getKeyNode()), path, "a key must be a word");
        } else if (names.putIfAbsent(name.getValue(), name) != null) {
            reading.problems()
                    .add(at(name), name(name.getValue()), "stands here for the second time");
        } else {
            nodes.put(name.getValue(), tuple.getValueNode());
        }
    }

    /** The section {@code key} within this one; empty when the file doesn't have it. */
    Section section(String key) {
        known.add(key);
        return new Section(name(key), nodes.get(key), reading);
    }

    /** As {@link #section}; a plain value instead of it stands for {@code shorthand} within it. */
    Section sectionOr(String key, String shorthand) {
        if (nodes.get(key) instanceof ScalarNode scalar && !isNothing(scalar)) {
            known.add(key);
            Section section = new Section(name(key), null, reading);
            section.nodes.put(shorthand, scalar);
            section.names.put(shorthand, names.get(key));
            return section;
        }
        return section(key);
    }

    String text(String key, String fallback) {
        return value(key, fallback, Function.identity());
    }

    Secret secret(String key) {
        Optional<Given> given = find(key);
        reading.settle(name(key), "", given.isEmpty() ? "" : "********", given);
        return given.map(found -> new Secret(found.text(), again(key, found))).orElse(Secret.NONE);
    }

    /**
     * Reads what {@link #find} gave once more, for what may have changed behind a placeholder in
     * the file; else that itself.
     */
    Supplier<String> again(String key, Given given) {
        boolean placeholder =
                given.line() > 0
                        && nodes.get(key) instanceof ScalarNode scalar
                        && Placeholders.hasAny(scalar.getValue());
        if (!placeholder) {
            return given::text;
        }
        String text = ((ScalarNode) nodes.get(key)).getValue();
        return () -> reading.placeholders().anew().replace(text);
    }

    /** Every key there is in the file, whatever it is called, and its value. */
    Map<String, Secret> secrets() {
        Map<String, Secret> all = new TreeMap<>();
        for (String key : List.copyOf(names.keySet())) {
            all.put(key, secret(key));
        }
        return all;
    }

    int number(String key, int fallback, int least, int most) {
        return (int) number(key, (long) fallback, least, most);
    }

    long number(String key, long fallback, long least, long most) {
        return value(
                key,
                String.valueOf(fallback),
                text -> {
                    if (text.matches("-?\\d{1,18}")) {
                        long number = Long.parseLong(text);
                        if (number >= least && number <= most) {
                            return number;
                        }
                    }
                    throw new IllegalArgumentException(
                            "'"
                                    + text
                                    + "' is no whole number"
                                    + (most == Long.MAX_VALUE
                                            ? ", " + least + " or more"
                                            : " from " + least + " to " + most));
                });
    }

    <T> T value(String key, String fallback, Function<String, T> reader) {
        Optional<Given> given = find(key);
        if (given.isPresent()) {
            try {
                T value = reader.apply(given.get().text());
                reading.settle(name(key), fallback, given.get().text(), given);
                return value;
            } catch (IllegalArgumentException e) {
                reading.problems().add(given.get(), name(key), e.getMessage());
            }
        }
        reading.settle(name(key), fallback, fallback, Optional.empty());
        return reader.apply(fallback);
    }

    boolean flag(String key, boolean fallback) {
        return value(
                key,
                String.valueOf(fallback),
                text ->
                        switch (text.toLowerCase(Locale.ROOT)) {
                            case "true" -> true;
                            case "false" -> false;
                            default ->
                                    throw new IllegalArgumentException(
                                            "'" + text + "' is neither true nor false");
                        });
    }

    /** One of an enum's values, spelt in lower case with dashes. */
    <E extends Enum<E>> E choice(String key, Class<E> type, E fallback) {
        Map<String, E> choices = new TreeMap<>();
        for (E constant : type.getEnumConstants()) {
            choices.put(spelling(constant), constant);
        }
        return value(
                key,
                spelling(fallback),
                text -> {
                    E chosen = choices.get(text);
                    if (chosen == null) {
                        throw new IllegalArgumentException(
                                "'"
                                        + text
                                        + "' is none of "
                                        + String.join(", ", choices.keySet())
                                        + meant(text, choices.keySet()));
                    }
                    return chosen;
                });
    }

    Duration duration(String key, String fallback) {
        return value(key, fallback, Units::duration);
    }

    long size(String key, String fallback, long least) {
        return value(
                key,
                fallback,
                text -> {
                    long size = Units.size(text);
                    if (size < least) {
                        throw new IllegalArgumentException("at least " + Units.text(least));
                    }
                    return size;
                });
    }

    /** A list; one text with commas counts as one, so that a placeholder can hold it. */
    List<String> list(String key, String fallback, Function<String, String> reader) {
        List<Given> given = items(key);
        List<String> result = new ArrayList<>();
        for (Given item : given) {
            try {
                result.add(reader.apply(item.text()));
            } catch (IllegalArgumentException e) {
                reading.problems().add(item, name(key), e.getMessage());
            }
        }
        if (given.isEmpty() && !fallback.isEmpty()) {
            result.add(fallback);
        }
        reading.settle(
                name(key), "[" + fallback + "]", result.toString(), given.stream().findFirst());
        return result;
    }

    private List<Given> items(String key) {
        known.add(key);
        if (nodes.get(key) instanceof SequenceNode sequence
                && reading.override(name(key)).isEmpty()) {
            return sequence.getValue().stream()
                    .flatMap(item -> scalar(name(key), item).stream())
                    .toList();
        }
        return find(key).stream()
                .flatMap(
                        all ->
                                Arrays.stream(all.text().split(",", -1))
                                        .map(String::strip)
                                        .filter(item -> !item.isEmpty())
                                        .map(item -> new Given(item, all.where(), all.line())))
                .toList();
    }

    /** What was given for {@code key}, without a default: command line, file, environment. */
    Optional<Given> find(String key) {
        known.add(key);
        String name = name(key);
        Optional<Given> override = reading.override(name);
        if (override.isPresent()) {
            return override;
        }
        Node node = nodes.get(key);
        Optional<Given> inFile = node == null ? Optional.empty() : scalar(name, node);
        return inFile.isPresent() ? inFile : reading.environment(name);
    }

    /** Notes a problem for every key that nobody asked for. */
    void refuseUnknown() {
        names.forEach(
                (key, node) -> {
                    if (!known.contains(key)) {
                        reading.problems()
                                .add(at(node), name(key), "no such key" + meant(key, known));
                    }
                });
    }

    private Optional<Given> scalar(String name, Node node) {
        if (isNothing(node)) {
            return Optional.empty();
        }
        if (!(node instanceof ScalarNode scalar)) {
            String expected =
                    node.getNodeType() == NodeType.MAPPING
                            ? "expected one value, not keys below it; quote a value that has braces"
                            : "expected one value, not a list; quote a value that has brackets";
            reading.problems().add(at(node), name, expected);
            return Optional.empty();
        }
        boolean plain =
                scalar.getTag().getValue().startsWith(Tag.PREFIX)
                        || scalar.getTag().equals(Tag.ENV_TAG);
        if (!plain) {
            reading.problems().add(at(node), name, "'!' means a tag in YAML; quote the value");
            return Optional.empty();
        }
        try {
            String text = reading.placeholders().replace(scalar.getValue());
            return text.isEmpty() ? Optional.empty() : Optional.of(given(text, node));
        } catch (IllegalArgumentException e) {
            reading.problems().add(at(node), name, e.getMessage());
            return Optional.empty();
        }
    }

    private static boolean isNothing(Node node) {
        return node.getTag().equals(Tag.NULL);
    }

    private static Given at(Node node) {
        return given("", node);
    }

    private static Given given(String text, Node node) {
        int line = node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
        return Given.inFile(text, line);
    }

    private String name(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private static String meant(String word, java.util.Collection<String> known) {
        return Suggestions.nearest(word, known)
                .map(nearest -> "; did you mean '" + nearest + "'?")
                .orElse("");
    }

    static String spelling(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
