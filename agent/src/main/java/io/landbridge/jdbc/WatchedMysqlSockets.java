package io.landbridge.jdbc;

import com.mysql.cj.conf.PropertySet;
import com.mysql.cj.protocol.StandardSocketFactory;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/**
 * Gives MySQL's driver {@link WatchedSocket}s. It makes this class by its name, on the thread that
 * connects.
 */
public final class WatchedMysqlSockets extends StandardSocketFactory {

    static final String PROPERTY = "socketFactory";

    private static final ThreadLocal<ServerProcess> CONNECTING = new ThreadLocal<>();

    /** A connection to {@code process}, which gets to know itself by it. */
    static Connection connect(String url, Properties properties, ServerProcess process)
            throws SQLException {
        properties.setProperty(PROPERTY, WatchedMysqlSockets.class.getName());
        CONNECTING.set(process);
        Connection connection;
        try {
            connection = DriverManager.getConnection(url, properties);
        } finally {
            CONNECTING.remove();
        }
        try {
            process.meet(connection);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    @Override
    protected Socket createSocket(PropertySet properties) {
        try {
            return new WatchedSocket(CONNECTING.get());
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }
}
