package io.landbridge.schema;

import io.landbridge.config.DatabaseConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One of PostgreSQL's programs on this machine, such as pg_dump.
 *
 * @param path of the program
 * @param major its version
 */
record PgProgram(Path path, int major) {

    private static final Pattern VERSION = Pattern.compile("(\\d+)(?:\\.|devel|beta|rc|\\s|$)");

    /** Where distributions put the versions beside each other. */
    private static final List<Path> USUAL_PLACES =
            List.of(
                    Path.of("/usr/lib/postgresql"),
                    Path.of("/usr/local/lib/postgresql"),
                    Path.of("/opt/homebrew/opt"),
                    Path.of("/usr"));

    /** libpq's variable for what the URL said. */
    private static final Map<String, String> VARIABLES =
            Map.of(
                    "sslmode", "PGSSLMODE",
                    "sslrootcert", "PGSSLROOTCERT",
                    "sslcert", "PGSSLCERT",
                    "sslkey", "PGSSLKEY",
                    "channelBinding", "PGCHANNELBINDING",
                    "gssEncMode", "PGGSSENCMODE",
                    "kerberosServerName", "PGKRBSRVNAME");

    /** All programs of that name on the PATH and in PostgreSQL's usual places. */
    static List<PgProgram> found(String name) {
        List<Path> candidates = new ArrayList<>();
        Pattern.compile(":")
                .splitAsStream(System.getenv().getOrDefault("PATH", ""))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, name))
                .forEach(candidates::add);
        for (Path place : USUAL_PLACES) {
            if (Files.isDirectory(place)) {
                try (Stream<Path> versions = Files.list(place)) {
                    versions.map(version -> version.resolve("bin").resolve(name))
                            .forEach(candidates::add);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        return candidates.stream().distinct().flatMap(path -> at(path).stream()).toList();
    }

    /** The program at {@code path}; empty when it doesn't run. */
    static Optional<PgProgram> at(Path path) {
        if (!Files.isExecutable(path)) {
            return Optional.empty();
        }
        try {
            Process process =
                    new ProcessBuilder(path.toString(), "--version")
                            .redirectErrorStream(true)
                            .start();
            process.getOutputStream().close();
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Matcher version = VERSION.matcher(said);
            return process.waitFor() == 0 && version.find()
                    ? Optional.of(new PgProgram(path, Integer.parseInt(version.group(1))))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** A program that comes with this one; empty when it doesn't run. */
    Optional<PgProgram> beside(String name) {
        return at(path.resolveSibling(name));
    }

    /** What starts it with {@code arguments}. */
    ProcessBuilder with(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(path.toString()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("PG") && !name.equals("PGCLUSTER"));
        return builder;
    }

    /** As {@link #with}; it finds {@code database} by itself. */
    ProcessBuilder connecting(DatabaseConfig database, List<String> arguments) {
        ProcessBuilder builder = with(arguments);
        // In the environment, where other users don't see them.
        Map<String, String> environment = builder.environment();
        environment.put("PGHOST", database.host());
        environment.put("PGPORT", String.valueOf(database.port()));
        environment.put("PGDATABASE", database.database());
        environment.put("PGUSER", database.user());
        environment.put("PGPASSWORD", database.password().reveal());
        environment.put("PGAPPNAME", "landbridge " + path.getFileName());
        VARIABLES.forEach(
                (parameter, variable) ->
                        Optional.ofNullable(database.parameters().get(parameter))
                                .ifPresent(value -> environment.put(variable, value)));
        return builder;
    }

    @Override
    public String toString() {
        return path.getFileName() + " " + major + " (" + path + ")";
    }
}
