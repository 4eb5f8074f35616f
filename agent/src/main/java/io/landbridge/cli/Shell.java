package io.landbridge.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What a command has around it.
 *
 * @param environment the process's
 * @param out for what was asked for
 * @param err for what went wrong
 * @param terminal whether a person watches {@code out}, so that lines may be redrawn
 */
record Shell(Map<String, String> environment, PrintStream out, PrintStream err, boolean terminal) {

    /** This process's own. */
    @SuppressWarnings("SystemConsoleNull") // the property below keeps it as it was before JDK 22
    static Shell ofThisProcess() {
        System.setProperty("jdk.console", "java.base");
        Map<String, String> environment = System.getenv();
        boolean terminal =
                System.console() != null
                        && !environment.getOrDefault("TERM", "dumb").equals("dumb");
        return new Shell(environment, utf8(FileDescriptor.out), utf8(FileDescriptor.err), terminal);
    }

    /** Names of tables are unicode whatever the locale is. */
    private static PrintStream utf8(FileDescriptor stream) {
        return new PrintStream(new FileOutputStream(stream), true, StandardCharsets.UTF_8);
    }
}
