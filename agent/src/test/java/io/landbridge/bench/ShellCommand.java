package io.landbridge.bench;

import java.io.IOException;
import java.util.Map;

/** A pipeline of programs, as a user would type it. */
final class ShellCommand {

    private ShellCommand() {}

    /** Runs it to its end; whatever a part of it writes goes to our own output. */
    static void run(String command, Map<String, String> environment)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder("bash", "-o", "pipefail", "-c", command).inheritIO();
        builder.environment().putAll(environment);
        if (builder.start().waitFor() != 0) {
            throw new IllegalStateException("failed: " + command);
        }
    }
}
