package io.landbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.landbridge.ScriptedMigrations;
import io.landbridge.observe.RecordedControl;
import io.landbridge.observe.Statuses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What README and the documents tell people to type is there, with the options they name. */
class DocumentedCommandsTest {

    private static final Pattern BLOCK = Pattern.compile("(?s)```[a-z]*\n(.*?)```");

    /** Up to a comment, a pipe or the end. */
    private static final String COMMAND = "(?:scripts/)?landbridge ([a-z][^`\n#|&>]*)";

    private static final Pattern LINE = Pattern.compile("(?m)^" + COMMAND);

    private static final Pattern INLINE = Pattern.compile("`" + COMMAND);

    private static final Pattern SCRIPT =
            Pattern.compile("\\bscripts/[a-z]+(?:/[a-z-]+)*(?:\\.sh)?");

    private static final Pattern DEV =
            Pattern.compile("\\bscripts/dev ([a-z][a-z-]*)(?: ([a-z]+)\\b)?");

    private static final Path CHECKOUT = Path.of("..");

    @Test
    void everyCommandIsOneWithTheOptionsThatStandThere() throws IOException {
        Map<String, String> found = new TreeMap<>();
        for (Map.Entry<String, String> page : pages().entrySet()) {
            Stream.concat(
                            all(BLOCK, page.getValue()).flatMap(block -> all(LINE, block.group(1))),
                            all(INLINE, BLOCK.matcher(page.getValue()).replaceAll("")))
                    .forEach(match -> found.put(match.group(1).strip(), page.getKey()));
        }
        assertThat(found).hasSizeGreaterThan(20);
        found.forEach(
                (command, page) ->
                        assertThatCode(() -> parse(command))
                                .as("%s: landbridge %s", page, command)
                                .doesNotThrowAnyException());
    }

    private static void parse(String command) {
        String[] words =
                Arrays.stream(command.replaceAll("[\\[\\]]", "").split("\\s+"))
                        .filter(word -> !word.equals("..."))
                        .toArray(String[]::new);
        try {
            Landbridge.commandLine(
                            new Shell(Map.of(), System.out, System.err, false),
                            new ScriptedMigrations(new RecordedControl(Statuses.in("CDC").build()))
                                    ::builder)
                    .parseArgs(words);
        } catch (CommandLine.MissingParameterException e) {
            // A sentence may name a command without what it takes; an example may not.
            if (words.length > 1) {
                throw e;
            }
        }
    }

    @Test
    void everyScriptIsThere() throws IOException {
        TreeSet<String> scripts = new TreeSet<>();
        for (String page : pages().values()) {
            all(SCRIPT, page).forEach(match -> scripts.add(match.group()));
        }
        assertThat(scripts)
                .contains("scripts/demo", "scripts/test")
                .allSatisfy(script -> assertThat(CHECKOUT.resolve(script)).exists());
    }

    @Test
    void everyCommandOfADeveloperIsThere() throws IOException {
        String script = Files.readString(CHECKOUT.resolve("scripts/dev"));
        List<String> wanted = new ArrayList<>();
        for (String page : pages().values()) {
            all(DEV, page)
                    .forEach(
                            match -> {
                                wanted.add(match.group(1));
                                if (match.group(1).equals("soak") && match.group(2) != null) {
                                    wanted.add(match.group(2));
                                }
                            });
        }
        assertThat(wanted)
                .isNotEmpty()
                .allSatisfy(
                        word ->
                                assertThat(script)
                                        .containsPattern("(?m)^ *(\\w+ \\| )*" + word + "\\)"));
    }

    private static Stream<MatchResult> all(Pattern form, String text) {
        return form.matcher(text).results();
    }

    private static Map<String, String> pages() throws IOException {
        Map<String, String> pages = new TreeMap<>();
        pages.put("README.md", Files.readString(CHECKOUT.resolve("README.md")));
        try (Stream<Path> files = Files.list(Path.of("docs"))) {
            for (Path file : (Iterable<Path>) files::iterator) {
                if (file.toString().endsWith(".md")) {
                    pages.put(file.getFileName().toString(), Files.readString(file));
                }
            }
        }
        return pages;
    }
}
