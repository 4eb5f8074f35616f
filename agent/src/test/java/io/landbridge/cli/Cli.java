package io.landbridge.cli;

import io.landbridge.ScriptedMigrations;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Runs command lines in this process and keeps what they print. */
final class Cli {

    private final Map<String, String> environment = new HashMap<>();
    private final ScriptedMigrations migrations;

    Cli(ScriptedMigrations migrations) {
        this.migrations = migrations;
    }

    /** What a command line came to. */
    record Result(int status, String out, String err) {}

    Cli with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    Result run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Shell shell =
                new Shell(
                        environment,
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        false);
        int status = Landbridge.execute(shell, migrations::builder, arguments);
        return new Result(
                status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
