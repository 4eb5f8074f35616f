package io.landbridge.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/** Something done on a connection that somebody else opens and closes. */
@FunctionalInterface
public interface SqlWork<T> {
    T on(Connection connection) throws SQLException;
}
