package io.landbridge.jdbc;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import javax.net.SocketFactory;

/**
 * Gives the driver {@link WatchedSocket}s. It makes this class by its name, so that what is to be
 * known of the connection is found by a word in the connection's properties.
 */
public final class WatchedSockets extends SocketFactory {

    private final ServerProcess process;

    /**
     * @param word as in {@code socketFactoryArg}
     */
    public WatchedSockets(String word) {
        process = ServerProcess.known(word);
    }

    @Override
    public Socket createSocket() throws IOException {
        return new WatchedSocket(process);
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return connected(new InetSocketAddress(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return connected(new InetSocketAddress(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
            throws IOException {
        return createSocket(host, port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort)
            throws IOException {
        return createSocket(host, port);
    }

    private Socket connected(InetSocketAddress address) throws IOException {
        Socket socket = createSocket();
        socket.connect(address);
        return socket;
    }
}
