package io.landbridge.testkit;

import io.landbridge.config.DatabaseConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A TCP proxy before a server that can cut, stall and restore connections.
 *
 * <p>One thread accepts, two carry each connection; all end with {@link #close} or the JVM.
 */
public final class Proxy implements AutoCloseable {

    private enum Mode {
        OPEN,
        STALLED,
        SWALLOWING,
        CUT,
        CLOSED
    }

    private final String host;
    private final int targetPort;
    private final ServerSocket listener;
    private final List<Socket> sockets = new ArrayList<>();
    private final Set<Socket> lost = new HashSet<>();
    private Mode mode = Mode.OPEN;
    private int requestsUntilCut;

    /** Listens on a free loopback port and forwards to {@code host:port}. */
    public Proxy(String host, int port) {
        this.host = host;
        this.targetPort = port;
        try {
            this.listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start("proxy-accept", this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** The same database, reached through this proxy. */
    public DatabaseConfig through(DatabaseConfig direct) {
        return new DatabaseConfig(
                direct.kind(),
                "127.0.0.1",
                port(),
                direct.database(),
                direct.user(),
                direct.password(),
                direct.parameters(),
                direct.poolSize());
    }

    /**
     * Resets every open connection instead of carrying the {@code n}-th piece, from now on, that a
     * client sends; a client that waits for an answer sends each of its requests in one piece.
     */
    public synchronized void cutAtRequest(int n) {
        requestsUntilCut = n;
    }

    /** Resets every open connection; new ones may come. */
    public void cutOnce() {
        resetAll();
    }

    /** Resets every open connection and each new one until {@link #restore}. */
    public void cut() {
        set(Mode.CUT);
        resetAll();
    }

    /** Keeps connections open but carries no byte until {@link #restore}. */
    public void stall() {
        set(Mode.STALLED);
    }

    /**
     * Makes the bytes of all connections vanish, and those of new ones until {@link #restore}; each
     * of them stays open, and lost for ever. So does a firewall that forgets its connections.
     */
    public synchronized void swallow() {
        lost.addAll(sockets);
        set(Mode.SWALLOWING);
    }

    /** Carries on as if nothing had been. */
    public void restore() {
        set(Mode.OPEN);
    }

    /** Connections open now, on the client's side. */
    public synchronized int connections() {
        sockets.removeIf(Socket::isClosed);
        return sockets.size() / 2;
    }

    @Override
    public void close() {
        set(Mode.CLOSED);
        resetAll();
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                if (now() == Mode.CUT) {
                    reset(client);
                    continue;
                }
                Socket server = new Socket();
                try {
                    server.connect(new InetSocketAddress(host, targetPort), 5000);
                } catch (IOException e) {
                    reset(client);
                    server.close();
                    continue;
                }
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                keep(client, server);
                start("proxy-up", () -> carry(client, server, this::countRequest));
                start("proxy-down", () -> carry(server, client, () -> {}));
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private synchronized void countRequest() {
        if (requestsUntilCut > 0 && --requestsUntilCut == 0) {
            resetAll();
        }
    }

    private void carry(Socket from, Socket to, Runnable carrying) {
        byte[] bytes = new byte[64 * 1024];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            int length;
            while ((length = in.read(bytes)) >= 0) {
                awaitNotStalled();
                if (isLost(from)) {
                    continue;
                }
                carrying.run();
                out.write(bytes, 0, length);
                out.flush();
            }
        } catch (IOException e) {
            // One end has gone; closing both tells the other.
        }
    }

    private synchronized void awaitNotStalled() {
        try {
            while (mode == Mode.STALLED) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized Mode now() {
        return mode;
    }

    private synchronized void set(Mode next) {
        mode = next;
        notifyAll();
    }

    private synchronized void keep(Socket client, Socket server) {
        sockets.removeIf(Socket::isClosed);
        sockets.add(client);
        sockets.add(server);
        if (mode == Mode.SWALLOWING) {
            lost.add(client);
            lost.add(server);
        }
    }

    private synchronized boolean isLost(Socket socket) {
        return lost.contains(socket);
    }

    private synchronized void resetAll() {
        sockets.forEach(Proxy::reset);
        sockets.clear();
    }

    private static void reset(Socket socket) {
        try {
            // Linger 0: the peer sees a reset, not an orderly end.
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // It is gone already, as wished.
        }
    }

    private static void start(String name, Runnable loop) {
        Thread thread = new Thread(loop, name);
        thread.setDaemon(true);
        thread.start();
    }
}
