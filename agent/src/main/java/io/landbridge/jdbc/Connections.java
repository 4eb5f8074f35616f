package io.landbridge.jdbc;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.logging.Logger;
import javax.sql.DataSource;

/** Where the pool gets its connections: made as all others are. */
final class Connections implements DataSource {

    /** The pool, when it is closed, waits so long for a connection that is being made. */
    private static final int LOGIN_SECONDS = 2;

    /** Makes one. */
    interface Maker {
        Connection make() throws SQLException;
    }

    private final Maker maker;

    Connections(Maker maker) {
        this.maker = maker;
    }

    @Override
    public Connection getConnection() throws SQLException {
        return maker.make();
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException("connections are the configured user's");
    }

    @Override
    public int getLoginTimeout() {
        return LOGIN_SECONDS;
    }

    /** Connections have a timeout of their own, whatever the pool asks for. */
    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    public PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(PrintWriter out) {}

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException("logs go through slf4j");
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLFeatureNotSupportedException("nothing is wrapped");
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
