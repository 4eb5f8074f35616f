package io.landbridge.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * The process of a database server, and the directory that it has for itself: {@code data} and
 * {@code server.log}.
 *
 * <p>A watchdog process holds a pipe from this JVM. When the pipe closes, by {@link #close}, exit
 * or SIGKILL of the JVM, it stops the server and removes its directory: nothing is left behind.
 */
final class ServerProcess extends ServerHost {

    /** Arguments: the directory, the file in it with the server's pid, how to end it at once. */
    private static final String WATCHDOG =
            """
            trap '' INT TERM HUP
            cat > /dev/null
            pid=$(head -n 1 "$1/$2" 2> /dev/null)
            if [ -n "$pid" ] && [ "$(readlink "/proc/$pid/cwd")" = "$1/data" ]; then
                kill "-$3" "$pid"
                tries=0
                while kill -0 "$pid" 2> /dev/null && [ $tries -lt 150 ]; do
                    sleep 0.05
                    tries=$((tries + 1))
                done
            fi
            rm -rf "$1"
            """;

    private final ServerUser user;
    private final Path directory;
    private final Process watchdog;
    private Process server;

    /**
     * Makes the directory and sets the watchdog; nothing is launched yet.
     *
     * @param name of the server, for messages
     * @param pidFile where the server writes its process id, as seen from the directory
     * @param atOnce the signal that ends it like a crash
     */
    ServerProcess(String name, ServerUser user, String pidFile, String atOnce) throws IOException {
        super(name);
        this.user = user;
        directory = Files.createTempDirectory("landbridge-server-");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        watchdog =
                new ProcessBuilder(
                                "setsid",
                                "sh",
                                "-c",
                                WATCHDOG,
                                "watchdog",
                                directory.toString(),
                                pidFile,
                                atOnce)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
    }

    Path data() {
        return directory.resolve("data");
    }

    @Override
    synchronized boolean running() {
        return server != null;
    }

    /** False when the server ended instead of accepting connections. */
    boolean launch(
            List<String> command, Map<String, String> environment, Callable<Boolean> accepts) {
        List<String> whole = new ArrayList<>();
        whole.add("setsid");
        whole.addAll(user.command(command));
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(whole)
                            .directory(directory.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(
                                    ProcessBuilder.Redirect.appendTo(
                                            directory.resolve("server.log").toFile()));
            builder.environment().putAll(environment);
            Process process = builder.start();
            Await.until(
                    name() + " accepts connections",
                    START,
                    () -> !process.isAlive() || accepts.call());
            server = process.isAlive() ? process : null;
            return server != null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    synchronized void end(String signal) {
        if (server == null) {
            return;
        }
        Commands.run(List.of("kill", "-" + signal, String.valueOf(server.pid())));
        try {
            if (!server.waitFor(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException(name() + " does not stop: " + log());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + name() + " was stopping", e);
        }
        server = null;
    }

    @Override
    String log() {
        try {
            return Files.readString(directory.resolve("server.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void close() {
        try {
            watchdog.getOutputStream().close();
            watchdog.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        server = null;
    }
}
