package io.landbridge.schema;

import io.landbridge.config.DatabaseConfig;
import io.landbridge.config.SchemaConfig;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * pg_dump and pg_restore of one version, for a snapshot of the target's tables. Owned by one
 * thread; only {@link #cancel} comes from others.
 */
final class SnapshotTools {

    /** What reads a program's output. */
    @FunctionalInterface
    interface Reader<E extends Exception> {
        void read(InputStream output) throws IOException, E;
    }

    private final PgProgram dump;
    private final PgProgram restore;
    private Process running;
    private boolean cancelled;

    private SnapshotTools(PgProgram dump, PgProgram restore) {
        this.dump = dump;
        this.restore = restore;
    }

    /**
     * The oldest pair that can read a target of {@code major}.
     *
     * @param configured {@code schema.pg-dump}; looked at first, when it is a path
     * @throws Fault TARGET_SNAPSHOT when there is none, with what was found instead
     */
    static SnapshotTools find(String configured, int major) {
        boolean path = !configured.isEmpty() && !configured.equals(SchemaConfig.NO_PG_DUMP);
        List<PgProgram> found =
                Stream.concat(
                                path
                                        ? PgProgram.at(Path.of(configured)).stream()
                                        : Stream.<PgProgram>empty(),
                                PgProgram.found("pg_dump").stream())
                        .distinct()
                        .toList();
        Optional<PgProgram> dump =
                found.stream()
                        .filter(program -> program.major() >= major)
                        .filter(program -> program.beside("pg_restore").isPresent())
                        .min(Comparator.comparingInt(PgProgram::major));
        return dump.map(one -> new SnapshotTools(one, one.beside("pg_restore").orElseThrow()))
                .orElseThrow(
                        () ->
                                Fault.of(
                                                FaultCode.TARGET_SNAPSHOT,
                                                "rollback.target-snapshot needs pg_dump and"
                                                        + " pg_restore beside each other, of the"
                                                        + " target's version "
                                                        + major
                                                        + " or newer; "
                                                        + (found.isEmpty()
                                                                ? "there is none on this machine"
                                                                : "there is " + found))
                                        .hint(
                                                "install postgresql-client-"
                                                        + major
                                                        + " on the agent's machine, give its path"
                                                        + " in schema.pg-dump, or set"
                                                        + " rollback.target-snapshot: false"));
    }

    /**
     * Writes definitions and rows of {@code tables} to {@code file}.
     *
     * @param tables quoted
     * @throws IOException what it ended with, such as a missing right or a full disk
     */
    void dump(DatabaseConfig database, List<String> tables, Path file) throws IOException {
        run(dump.connecting(database, dumping(tables, file)), output -> {});
    }

    /** The definitions of {@code tables} as they are now, as {@link #definitions(Path)}. */
    List<String> definitions(DatabaseConfig database, List<String> tables) throws IOException {
        Path file = Files.createTempFile("landbridge-snapshot-", ".dump");
        try {
            List<String> arguments = dumping(tables, file);
            arguments.add("--schema-only");
            run(dump.connecting(database, arguments), output -> {});
            return definitions(file);
        } finally {
            Files.delete(file);
        }
    }

    private static List<String> dumping(List<String> tables, Path file) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "--format=custom",
                                "--encoding=UTF8",
                                "--no-password",
                                "--lock-wait-timeout=10000",
                                "--file=" + file));
        tables.forEach(table -> arguments.add("--table=" + table));
        return arguments;
    }

    /**
     * The definitions in {@code file}, line by line, without what two dumps of the same differ in.
     */
    List<String> definitions(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        read(
                file,
                List.of("--schema-only"),
                output ->
                        DumpScript.lines(output)
                                .filter(line -> !line.isEmpty() && !line.startsWith("--"))
                                .forEach(lines::add));
        return lines;
    }

    /**
     * Hands over one section of {@code file}, {@code pre-data}, {@code data}, {@code post-data}.
     */
    <E extends Exception> void section(Path file, String section, Reader<E> reader)
            throws IOException, E {
        read(file, List.of("--section=" + section), reader);
    }

    private <E extends Exception> void read(Path file, List<String> what, Reader<E> reader)
            throws IOException, E {
        List<String> arguments = new ArrayList<>(what);
        arguments.add("--file=-");
        arguments.add(file.toString());
        run(restore.with(arguments), reader);
    }

    /** Ends the program that runs, and every one after it. */
    synchronized void cancel() {
        cancelled = true;
        if (running != null) {
            running.destroyForcibly();
        }
    }

    synchronized boolean isCancelled() {
        return cancelled;
    }

    private <E extends Exception> void run(ProcessBuilder builder, Reader<E> reader)
            throws IOException, E {
        Path errors = Files.createTempFile("landbridge-snapshot-", ".log");
        Process process = start(builder.redirectError(errors.toFile()));
        try {
            process.getOutputStream().close();
            try (InputStream output = process.getInputStream()) {
                reader.read(output);
                output.transferTo(OutputStream.nullOutputStream());
            }
            int status = process.waitFor();
            if (status != 0) {
                throw new IOException(
                        builder.command().get(0)
                                + " ended with "
                                + status
                                + ": "
                                + Files.readString(errors).strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + builder.command().get(0), e);
        } finally {
            process.destroyForcibly();
            Files.delete(errors);
        }
    }

    private synchronized Process start(ProcessBuilder builder) throws IOException {
        if (cancelled) {
            throw new IOException("it was told to stop");
        }
        running = builder.start();
        return running;
    }

    @Override
    public String toString() {
        return dump.toString();
    }
}
