package io.landbridge.simulation;

import io.landbridge.config.DatabaseConfig;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Stands between a simulated agent and the target and understands enough of PostgreSQL's protocol
 * to break off exactly before or after one message: a statement, a COMMIT, the end of a COPY.
 *
 * @see <a href="https://www.postgresql.org/docs/17/protocol-message-formats.html">messages</a>
 */
final class FatefulProxy implements AutoCloseable {

    /** Frontend messages that make the server do something: Query, Execute, CopyDone, Sync. */
    private static final String STEPS = "QEcS";

    private final DatabaseConfig target;
    private final Fate fate;
    private final ServerSocket listener;
    private final List<Socket> sockets = new ArrayList<>();

    FatefulProxy(DatabaseConfig target, Fate fate) {
        this.target = target;
        this.fate = fate;
        try {
            listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start("fateful-accept", this::accept);
    }

    /** The target as the agent sees it. */
    DatabaseConfig config() {
        return new DatabaseConfig(
                target.kind(),
                "127.0.0.1",
                listener.getLocalPort(),
                target.database(),
                target.user(),
                target.password(),
                target.parameters(),
                target.poolSize());
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                carry(listener.accept());
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void carry(Socket client) throws IOException {
        if (fate.isDead()) {
            client.close();
            return;
        }
        Socket server = new Socket();
        try {
            server.connect(new InetSocketAddress(target.host(), target.port()), 5000);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
        } catch (IOException e) {
            // The client has gone already, or the server refuses: that is this connection's end.
            closeOrderly(client, server);
            server.close();
            return;
        }
        keep(client, server);
        start("fateful-up", () -> up(client, server));
        start("fateful-down", () -> down(server, client));
    }

    private void up(Socket client, Socket server) {
        try {
            DataInputStream in =
                    new DataInputStream(new BufferedInputStream(client.getInputStream(), 1 << 16));
            OutputStream out = server.getOutputStream();
            byte[] startUp;
            do {
                startUp = body(in);
                out.write(startUp);
            } while (isEncryptionRequest(startUp));
            while (true) {
                int type = in.read();
                if (type < 0) {
                    break;
                }
                byte[] body = body(in);
                Fate.End end = STEPS.indexOf(type) >= 0 ? fate.message() : null;
                if (end != null) {
                    breakOff(client, server);
                    if (end.reachesTarget()) {
                        fate.awaitDelivery();
                    } else {
                        closeOrderly(client, server);
                        return;
                    }
                }
                out.write(type);
                out.write(body);
                if (end != null) {
                    break;
                }
                if (in.available() == 0) {
                    out.flush();
                }
            }
        } catch (IOException e) {
            // One end has gone; closing both tells the other.
        }
        closeOrderly(client, server);
    }

    /** The start-up packet comes after these; the server refuses them. */
    private static boolean isEncryptionRequest(byte[] startUp) {
        int code = ByteBuffer.wrap(startUp).getInt(4);
        return code == 80877103 || code == 80877104;
    }

    private static byte[] body(DataInputStream in) throws IOException {
        int length = in.readInt();
        byte[] body = new byte[length];
        body[0] = (byte) (length >>> 24);
        body[1] = (byte) (length >>> 16);
        body[2] = (byte) (length >>> 8);
        body[3] = (byte) length;
        in.readFully(body, 4, length - 4);
        return body;
    }

    private static void down(Socket server, Socket client) {
        byte[] bytes = new byte[1 << 16];
        try {
            InputStream in = server.getInputStream();
            OutputStream out = client.getOutputStream();
            for (int length = in.read(bytes); length >= 0; length = in.read(bytes)) {
                out.write(bytes, 0, length);
            }
        } catch (IOException e) {
            // As above.
        }
        closeOrderly(client, server);
    }

    /**
     * Ends every connection: at once for the agent, in order for the server, which thus works off
     * what it was sent, as it does when an agent's machine goes down. Of {@code client} only the
     * agent's end.
     */
    private synchronized void breakOff(Socket client, Socket server) throws IOException {
        client.close();
        for (int i = 0; i < sockets.size(); i += 2) {
            if (sockets.get(i) != client) {
                closeOrderly(sockets.get(i), sockets.get(i + 1));
            }
        }
        sockets.clear();
        sockets.add(client);
        sockets.add(server);
    }

    private synchronized void breakAll() {
        for (int i = 0; i < sockets.size(); i += 2) {
            closeOrderly(sockets.get(i), sockets.get(i + 1));
        }
        sockets.clear();
    }

    private static void closeOrderly(Socket client, Socket server) {
        try {
            client.close();
        } catch (IOException e) {
            // It is gone already, as wished.
        }
        try {
            if (!server.isClosed() && !server.isOutputShutdown()) {
                server.shutdownOutput();
            }
        } catch (IOException e) {
            // As above.
        }
    }

    private synchronized void keep(Socket client, Socket server) {
        sockets.add(client);
        sockets.add(server);
    }

    private static void start(String name, Runnable loop) {
        Thread thread = new Thread(loop, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** The agent is gone: its sockets with it, but not what the network still carries. */
    @Override
    public void close() {
        boolean alive = !fate.isDead();
        fate.die();
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (alive) {
            breakAll();
        }
    }
}
