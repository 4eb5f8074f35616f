package io.landbridge.schema;

import io.landbridge.config.DatabaseConfig;
import io.landbridge.config.SchemaConfig;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * PostgreSQL's own pg_dump, as a program on this machine. It must be of the source's major version
 * or a newer one: an older one refuses, rightly.
 *
 * @param path of the program
 * @param major its version
 */
record PgDump(Path path, int major) {

    private static final Pattern VERSION = Pattern.compile("(\\d+)(?:\\.|devel|beta|rc|\\s|$)");
    private static final long MOST_MINUTES = 10;

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

    /**
     * The oldest program that can read a source of {@code sourceMajor}: its words are the nearest
     * to what the source itself understands.
     *
     * @throws Fault CONFIG_INVALID when the configured one is none, or too old
     */
    static Optional<PgDump> find(SchemaConfig config, int sourceMajor) {
        if (config.pgDump().equals(SchemaConfig.NO_PG_DUMP)) {
            return Optional.empty();
        }
        if (!config.pgDump().isEmpty()) {
            PgDump wanted =
                    at(Path.of(config.pgDump()))
                            .orElseThrow(
                                    () ->
                                            invalid(
                                                    "schema.pg-dump: "
                                                            + config.pgDump()
                                                            + " does not run"));
            if (wanted.major < sourceMajor) {
                throw invalid(
                        "schema.pg-dump: "
                                + wanted
                                + " is older than the source, which is "
                                + sourceMajor);
            }
            return Optional.of(wanted);
        }
        return candidates().stream()
                .flatMap(path -> at(path).stream())
                .filter(found -> found.major >= sourceMajor)
                .min(Comparator.comparingInt(PgDump::major));
    }

    private static Fault invalid(String what) {
        return Fault.of(FaultCode.CONFIG_INVALID, what)
                .hint(
                        "give the path of a pg_dump of the source's major version or newer, leave"
                                + " it empty, or say "
                                + SchemaConfig.NO_PG_DUMP);
    }

    private static List<Path> candidates() {
        List<Path> candidates = new ArrayList<>();
        Pattern.compile(":")
                .splitAsStream(System.getenv().getOrDefault("PATH", ""))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, "pg_dump"))
                .forEach(candidates::add);
        for (Path place : USUAL_PLACES) {
            if (Files.isDirectory(place)) {
                try (Stream<Path> versions = Files.list(place)) {
                    versions.map(version -> version.resolve("bin/pg_dump"))
                            .forEach(candidates::add);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        return candidates.stream().distinct().filter(Files::isExecutable).toList();
    }

    private static Optional<PgDump> at(Path path) {
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
                    ? Optional.of(new PgDump(path, Integer.parseInt(version.group(1))))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /**
     * The definitions of everything in the database; takes ACCESS SHARE locks on its tables for a
     * moment.
     *
     * @param snapshot exported by a transaction at the source that stays open meanwhile
     * @throws IOException what it ended with, such as a missing right
     */
    DumpArchive dump(DatabaseConfig database, String snapshot) throws IOException {
        Path archive = Files.createTempFile("landbridge-schema-", ".dump");
        Path errors = Files.createTempFile("landbridge-schema-", ".log");
        try {
            run(database, snapshot, archive, errors);
            try (var in = new BufferedInputStream(Files.newInputStream(archive))) {
                return DumpArchive.read(in);
            }
        } finally {
            Files.delete(archive);
            Files.delete(errors);
        }
    }

    private void run(DatabaseConfig database, String snapshot, Path archive, Path errors)
            throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(
                                path.toString(),
                                "--schema-only",
                                "--format=custom",
                                "--encoding=UTF8",
                                "--no-owner",
                                "--no-privileges",
                                "--no-publications",
                                "--no-subscriptions",
                                "--no-security-labels",
                                "--no-tablespaces",
                                "--no-password",
                                "--lock-wait-timeout=10000",
                                "--snapshot=" + snapshot,
                                "--file=" + archive)
                        .redirectErrorStream(true)
                        .redirectOutput(errors.toFile());
        // In the environment, where other users don't see them.
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("PG") && !name.equals("PGCLUSTER"));
        environment.put("PGHOST", database.host());
        environment.put("PGPORT", String.valueOf(database.port()));
        environment.put("PGDATABASE", database.database());
        environment.put("PGUSER", database.user());
        environment.put("PGPASSWORD", database.password().reveal());
        environment.put("PGAPPNAME", "landbridge pg_dump");
        VARIABLES.forEach(
                (parameter, variable) ->
                        Optional.ofNullable(database.parameters().get(parameter))
                                .ifPresent(value -> environment.put(variable, value)));
        Process process = builder.start();
        process.getOutputStream().close();
        try {
            if (!process.waitFor(MOST_MINUTES, TimeUnit.MINUTES)) {
                throw new IOException(this + " took more than " + MOST_MINUTES + " minutes");
            }
            if (process.exitValue() != 0) {
                throw new IOException(
                        this
                                + " ended with "
                                + process.exitValue()
                                + ": "
                                + Files.readString(errors).strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + this, e);
        } finally {
            process.destroyForcibly();
        }
    }

    @Override
    public String toString() {
        return "pg_dump " + major + " (" + path + ")";
    }
}
