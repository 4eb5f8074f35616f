package io.landbridge.example;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The programs of {@code scripts/examples}. */
@Command(
        name = "scripts/examples",
        subcommands = {
            OrdersExample.class,
            EnumsExample.class,
            FollowExample.class,
            EmbedExample.class
        })
public final class Examples {

    private Examples() {}

    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    /** Exit status: 0 when what the example shows came true. */
    static int run(String... arguments) {
        return new CommandLine(new Examples()).execute(arguments);
    }
}
