package io.landbridge.cutover;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a program of the operator's move the clients. It is called with one word: {@code check},
 * {@code hold}, {@code switch}, {@code release} or {@code undo}; exit status 0 means done. Each may
 * be called again after a crash. The facts are in its environment, without passwords.
 */
public final class CommandDriver implements TrafficDriver {

    private static final Logger LOG = LoggerFactory.getLogger(CommandDriver.class);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int SHOWN = 300;

    private final Path program;
    private final Map<String, String> facts;

    /**
     * @param facts environment variables, such as LANDBRIDGE_TO_HOST
     */
    public CommandDriver(Path program, Map<String, String> facts) {
        this.program = program;
        this.facts = Map.copyOf(facts);
    }

    @Override
    public String name() {
        return "command";
    }

    @Override
    public boolean holdsClients() {
        return true;
    }

    @Override
    public void check() {
        if (!Files.isExecutable(program)) {
            throw TrafficFaults.of(program + " is no program that the agent may run");
        }
        call("check", LIMIT);
    }

    @Override
    public void hold(Duration timeout) {
        call("hold", timeout);
    }

    @Override
    public void switchOver() {
        call("switch", LIMIT);
    }

    @Override
    public void release() {
        call("release", LIMIT);
    }

    @Override
    public void undo() {
        call("undo", LIMIT);
    }

    private void call(String word, Duration limit) {
        try {
            Path output = Files.createTempFile("landbridge-traffic-", ".out");
            try {
                ProcessBuilder builder =
                        new ProcessBuilder(program.toString(), word)
                                .redirectErrorStream(true)
                                .redirectOutput(output.toFile());
                builder.environment().putAll(facts);
                builder.environment()
                        .put("LANDBRIDGE_TIMEOUT_SECONDS", String.valueOf(limit.toSeconds()));
                await(builder.start(), word, limit, output);
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw TrafficFaults.of(program + " can't be run", e);
        }
    }

    private void await(Process process, String word, Duration limit, Path output)
            throws IOException {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw TrafficFaults.of(program + " " + word + " did not end within " + limit);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw TrafficFaults.of("interrupted while " + program + " " + word + " ran", e);
        } finally {
            process.destroyForcibly();
        }
        String said = new String(Files.readAllBytes(output), StandardCharsets.UTF_8).strip();
        LOG.info("{} {}: exit status {} {}", program, word, process.exitValue(), said);
        if (process.exitValue() != 0) {
            throw TrafficFaults.of(
                    program
                            + " "
                            + word
                            + " ended with status "
                            + process.exitValue()
                            + ": "
                            + said.substring(0, Math.min(SHOWN, said.length())));
        }
    }
}
