package io.landbridge.testkit;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;

/**
 * What a database server of the tests runs in: a process of this machine, or a container where
 * {@code -Pcontainers} asks for the official images.
 */
abstract class ServerHost implements AutoCloseable {

    /** How long a server may take until it accepts connections. */
    static final Duration START = Duration.ofMinutes(2);

    private static final int ATTEMPTS = 5;

    private final String name;

    ServerHost(String name) {
        this.name = name;
    }

    /** Whether this run is to use containers: the system property {@code landbridge.servers}. */
    static boolean containersWanted() {
        String wanted = System.getProperty("landbridge.servers", "processes");
        return switch (wanted) {
            case "processes" -> false;
            case "containers" -> true;
            default ->
                    throw new IllegalArgumentException(
                            "landbridge.servers is processes or containers, not " + wanted);
        };
    }

    /** A way to launch a server at a port; false when it ended instead of accepting. */
    @FunctionalInterface
    interface Launch {
        boolean at(int port) throws IOException;
    }

    /** How a server of either kind is launched at a port. */
    @FunctionalInterface
    interface Launcher {
        /** False when the server ended instead of accepting connections. */
        boolean launch(int port, Callable<Boolean> accepts);
    }

    /** Name of the server, for messages. */
    final String name() {
        return name;
    }

    /** Launches at one free port after the other, as somebody may take one meanwhile. */
    final void launchOnFreePort(Launch launch) throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (launch.at(Ports.free())) {
                return;
            }
        }
        String log = log();
        close();
        throw new IllegalStateException(name + " does not start: " + log);
    }

    /** Launches a server that isn't running again. */
    final synchronized void start(Callable<Boolean> launch) {
        try {
            if (!running() && !launch.call()) {
                throw new IllegalStateException(name + " does not start: " + log());
            }
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    abstract boolean running();

    /** Sends the signal to a running server and waits until it has ended; its data stays. */
    abstract void end(String signal);

    /** What the server wrote so far. */
    abstract String log();

    /** Ends the server like a crash and removes its data. */
    @Override
    public abstract void close();
}
