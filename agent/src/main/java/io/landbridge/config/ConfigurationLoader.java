package io.landbridge.config;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Reads a configuration: command line before file before environment before defaults. Everything
 * that is wrong is told at once, in one {@link Fault} CONFIG_INVALID; no secret is ever part of it.
 */
public final class ConfigurationLoader {

    private ConfigurationLoader() {}

    /** The file's configuration, {@code env} as the process has it. */
    public static Configuration load(Path file, Map<String, String> env) {
        return read(Optional.of(file), Overrides.NONE, env).configuration();
    }

    /**
     * As {@link #load}, without a file when {@code file} is empty, and with where values came from.
     */
    public static LoadedConfiguration read(
            Optional<Path> file, Overrides overrides, Map<String, String> env) {
        if (file.isEmpty()) {
            return read("", "the configuration", overrides, env);
        }
        try {
            return read(Files.readString(file.get()), file.get().toString(), overrides, env);
        } catch (IOException e) {
            throw Fault.of(
                            FaultCode.CONFIG_INVALID,
                            "can't read the configuration file " + file.get(),
                            e)
                    .hint("give a readable UTF-8 file to --config");
        }
    }

    /** As {@link #read}, from the text of a file that is called {@code origin} in complaints. */
    public static LoadedConfiguration read(
            String yaml, String origin, Overrides overrides, Map<String, String> env) {
        Reading reading =
                new Reading(new Placeholders(env), overrides.values(), EnvironmentKeys.read(env));
        Section root = new Section("", compose(yaml, origin), reading);
        Configuration configuration = new Sections(root, reading).read();
        root.refuseUnknown();
        reading.problems().raise(origin);
        return new LoadedConfiguration(configuration, origin, reading.settings());
    }

    private static Node compose(String yaml, String origin) {
        LoadSettings settings =
                LoadSettings.builder().setLabel(origin).setAllowDuplicateKeys(true).build();
        try {
            return new Compose(settings).composeString(yaml).orElse(null);
        } catch (YamlEngineException e) {
            Problems problems = new Problems();
            problems.add(
                    place(e), "", "not YAML" + why(e) + "; quote values with YAML's own signs");
            problems.raise(origin);
            throw new IllegalStateException(e);
        }
    }

    private static Given place(YamlEngineException error) {
        return error instanceof MarkedYamlEngineException marked
                ? Given.inFile("", marked.getProblemMark().map(at -> at.getLine() + 1).orElse(0))
                : null;
    }

    /**
     * The exception's message quotes the file, maybe a password; so do the names of aliases and
     * tags, which is what an unquoted value that begins with {@code *} or {@code !} is taken for.
     */
    private static String why(YamlEngineException error) {
        String problem =
                error instanceof MarkedYamlEngineException marked
                        ? String.valueOf(marked.getProblem())
                        : "";
        if (problem.contains("alias")) {
            return ": '*' begins an alias";
        }
        boolean quotesOnlySigns = problem.matches("(?s)[a-z ,'\"<>:\\[\\]{}()-]*");
        return quotesOnlySigns && problem.length() < 80 ? ": " + problem : "";
    }
}
