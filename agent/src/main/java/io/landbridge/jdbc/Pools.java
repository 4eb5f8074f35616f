package io.landbridge.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.landbridge.config.DatabaseConfig;

/** Small pools for occasional work, made the same way whatever the server is. */
final class Pools {

    private Pools() {}

    /**
     * A pool that connects at first use.
     *
     * @param maker makes its connections
     * @param isolation JDBC's name for the level that the server's sessions have without being
     *     asked: left to itself the pool asks its first connection, once; when that one is cut just
     *     then, it takes "unknown" for the answer and no later connection is good enough
     */
    static HikariDataSource make(
            String name,
            Connections.Maker maker,
            DatabaseConfig config,
            int connectSeconds,
            String isolation) {
        HikariConfig hikari = new HikariConfig();
        hikari.setPoolName(name);
        hikari.setDataSource(new Connections(maker));
        hikari.setMaximumPoolSize(config.poolSize());
        hikari.setMinimumIdle(0);
        hikari.setInitializationFailTimeout(-1);
        hikari.setConnectionTimeout(connectSeconds * 1000L);
        hikari.setTransactionIsolation(isolation);
        return new HikariDataSource(hikari);
    }
}
