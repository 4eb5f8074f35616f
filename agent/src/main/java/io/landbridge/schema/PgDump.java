package io.landbridge.schema;

import io.landbridge.config.DatabaseConfig;
import io.landbridge.config.SchemaConfig;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * PostgreSQL's own pg_dump, for the definitions of the source's objects. It must be of the source's
 * major version or a newer one: an older one refuses, rightly.
 */
record PgDump(PgProgram program) {

    private static final long MOST_MINUTES = 10;

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
            PgProgram wanted =
                    PgProgram.at(Path.of(config.pgDump()))
                            .orElseThrow(
                                    () ->
                                            invalid(
                                                    "schema.pg-dump: "
                                                            + config.pgDump()
                                                            + " does not run"));
            if (wanted.major() < sourceMajor) {
                throw invalid(
                        "schema.pg-dump: "
                                + wanted
                                + " is older than the source, which is "
                                + sourceMajor);
            }
            return Optional.of(new PgDump(wanted));
        }
        return PgProgram.found("pg_dump").stream()
                .filter(found -> found.major() >= sourceMajor)
                .min(Comparator.comparingInt(PgProgram::major))
                .map(PgDump::new);
    }

    private static Fault invalid(String what) {
        return Fault.of(FaultCode.CONFIG_INVALID, what)
                .hint(
                        "give the path of a pg_dump of the source's major version or newer, leave"
                                + " it empty, or say "
                                + SchemaConfig.NO_PG_DUMP);
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
        Process process =
                program.connecting(
                                database,
                                List.of(
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
                                        "--file=" + archive))
                        .redirectErrorStream(true)
                        .redirectOutput(errors.toFile())
                        .start();
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
        return program.toString();
    }
}
