package io.landbridge.testkit;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Servers that all tests of this JVM share; each starts at first use and ends with the JVM. A test
 * makes databases of its own in them and drops the slots it created. A test that restarts or
 * reconfigures a server starts one of its own with {@link PostgresServer#start}.
 */
public final class Servers {

    private static final Map<Integer, PostgresServer> RUNNING = new ConcurrentHashMap<>();

    private static MysqlServer mysql;
    private static MysqlServer mariadb;

    private Servers() {}

    /** MySQL 8.0.31 with GTIDs. */
    public static synchronized MysqlServer mysql() {
        if (mysql == null) {
            mysql = MysqlServer.start(Map.of());
        }
        return mysql;
    }

    /** MariaDB 10.11 or newer. */
    public static synchronized MysqlServer mariadb() {
        if (mariadb == null) {
            mariadb = MysqlServer.startMariadb(Map.of());
        }
        return mariadb;
    }

    /** PostgreSQL 14: a source of the usual kind. */
    public static PostgresServer source() {
        return postgres(14);
    }

    /** PostgreSQL 17: a target of the usual kind. */
    public static PostgresServer target() {
        return postgres(17);
    }

    /** The shared server of that major version: 12, 14, 15 or 17. */
    public static PostgresServer postgres(int major) {
        return RUNNING.computeIfAbsent(major, version -> PostgresServer.start(version, Map.of()));
    }
}
