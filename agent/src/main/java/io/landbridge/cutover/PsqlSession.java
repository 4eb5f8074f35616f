package io.landbridge.cutover;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A psql that takes one command after the other: one that is running answers within a millisecond,
 * where one that has to be started takes tens of them while clients wait.
 *
 * <p>One thread asks at a time; a thread of its own reads what psql prints.
 */
final class PsqlSession implements AutoCloseable {

    private static final String END = "landbridge: the end, error ";
    private static final String GONE = END + "gone";

    private final Process psql;
    private final Writer commands;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    /**
     * @param environment where psql connects to, and as whom
     */
    PsqlSession(Map<String, String> environment) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(
                                "psql",
                                "--no-psqlrc",
                                "--quiet",
                                "--no-password",
                                "--no-align",
                                "--field-separator=\t",
                                "--pset=footer=off")
                        .redirectErrorStream(true);
        builder.environment().putAll(environment);
        psql = builder.start();
        commands = psql.outputWriter(StandardCharsets.UTF_8);
        Thread reader = new Thread(this::read, "landbridge-psql");
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (BufferedReader output =
                new BufferedReader(
                        new InputStreamReader(psql.getInputStream(), StandardCharsets.UTF_8))) {
            output.lines().forEach(lines::add);
        } catch (IOException | UncheckedIOException e) {
            lines.add(e.getMessage());
        }
        lines.add(GONE);
    }

    /**
     * What became of a command.
     *
     * @param said by the server or by psql
     */
    record Answer(Outcome outcome, String said) {}

    /** How a command ended. */
    enum Outcome {
        DONE,
        REFUSED,
        /** Not within the limit; it may go on. */
        LATE,
        /** There is no connection, or none any more: whether it was done is not known. */
        GONE
    }

    /** Has {@code command} carried out; after LATE or GONE nothing more can be asked. */
    Answer ask(String command, Duration limit) throws InterruptedException {
        try {
            commands.write(command + ";\n\\echo '" + END + "':ERROR\n");
            commands.flush();
        } catch (IOException e) {
            // It has ended; what it said before tells why.
        }
        long deadline = System.nanoTime() + limit.toNanos();
        StringBuilder said = new StringBuilder();
        while (true) {
            String line = lines.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (line == null) {
                return new Answer(Outcome.LATE, said.toString());
            }
            if (line.startsWith(END)) {
                return new Answer(outcome(line), said.toString());
            }
            said.append(line).append('\n');
        }
    }

    private static Outcome outcome(String end) {
        if (end.equals(GONE)) {
            return Outcome.GONE;
        }
        return end.endsWith("false") ? Outcome.DONE : Outcome.REFUSED;
    }

    @Override
    public void close() {
        psql.destroyForcibly();
    }
}
