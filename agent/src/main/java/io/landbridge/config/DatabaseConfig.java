package io.landbridge.config;

import java.util.Map;

/**
 * Section {@code source} or {@code target}: one database and how to reach it.
 *
 * @param kind which dialect answers there
 * @param host name or address
 * @param port 1 to 65535
 * @param database the database's name
 * @param user the role to log in as
 * @param password never shown; {@link Secret} keeps it out of every text form
 * @param parameters driver parameters (sslmode, sslrootcert, ...), as the URL or the tls section
 *     gave them
 * @param poolSize most connections of the shared pool; loops own theirs beside it
 */
public record DatabaseConfig(
        Kind kind,
        String host,
        int port,
        String database,
        String user,
        Secret password,
        Map<String, String> parameters,
        int poolSize) {

    /** The dialects a source can speak; a target is PostgreSQL. */
    public enum Kind {
        POSTGRESQL,
        MYSQL,
        MARIADB;

        /** Whether it speaks MySQL's protocol, and is looked at as MySQL is. */
        public boolean isOfMysqlFamily() {
            return this != POSTGRESQL;
        }
    }

    public DatabaseConfig {
        parameters = Map.copyOf(parameters);
    }

    /** Without the values of parameters: one of them may be a key's password. */
    @Override
    public String toString() {
        return display() + parameters.keySet();
    }

    /** {@code postgresql://user@host:port/database}: for people, without the password. */
    public String display() {
        return kind.name().toLowerCase(java.util.Locale.ROOT)
                + "://"
                + user
                + "@"
                + host
                + ":"
                + port
                + "/"
                + database;
    }
}
