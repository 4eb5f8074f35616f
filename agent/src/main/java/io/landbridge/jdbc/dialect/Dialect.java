package io.landbridge.jdbc.dialect;

import io.landbridge.config.DatabaseConfig;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A server of MySQL's family, by what it calls a thing that the others call otherwise or don't
 * have. SQL over a column is given its spelling. Stateless.
 */
public interface Dialect {

    /** The dialect that a URL's scheme names. */
    static Dialect of(DatabaseConfig.Kind kind) {
        return kind == DatabaseConfig.Kind.MARIADB
                ? MariadbDialect.INSTANCE
                : MysqlDialect.INSTANCE;
    }

    /** What is needed, for people: {@code MySQL 8.0.13 or newer}. */
    String product();

    /** Whether a server of this version is new enough. */
    boolean isSupported(int major, int minor, int patch);

    /** Settings that a session of ours has beside those that all servers of the family know. */
    String session();

    /** The setting that breaks off the session's statements after {@code limit}. */
    String statementLimit(Duration limit);

    /** For people: how {@code setting} becomes {@code value}, and stays it after a restart. */
    String persist(String setting, String value);

    /** An expression for what no other server of a replication has: which log a position is of. */
    String serverIdentity();

    /** An expression that is 1 when commits become visible in the order of the log. */
    String commitsInLogOrder();

    /**
     * A query for the place in the log that the transaction's consistent snapshot shows, as two
     * rows of a name and a value, the file first; empty: the server can't tell.
     */
    Optional<String> snapshotPlace();

    /** A query with a row for each replication into this server that is running, for people. */
    String replications();

    /** The setting that is {@code ON} when positions can be told to another server. */
    Optional<String> gtidSetting();

    /** The setting that is {@code OFF} when what is replicated into the server is not logged. */
    String logsReplicatedSetting(int major, int minor, int patch);

    /** A statement with a row for each server that this one replicates from. */
    String upstreams(int major, int minor, int patch);

    /** What a user needs for the whole server to follow its log. */
    List<String> rightsToFollow();

    /** Whether the server can be made read-only for everybody, whatever their rights. */
    boolean shutsForAll();

    /** The decimal text of a double: the shortest digits that read back as the same. */
    String doubleText(String number);

    /** The text of a UUID that is kept in sixteen bytes, in their order. */
    String uuidText(String bytes);

    /** A condition that a text meets when it is a UUID. */
    String isUuid(String text);

    /** The expression of information_schema.columns for a geometry's reference system. */
    String sridOfColumn();

    /** Of information_schema.statistics: whether the planner uses an index, {@code YES}. */
    String indexIsVisible();

    /** Likewise, what is indexed where it is no column. */
    String indexExpression();

    /**
     * A query for the checks of a database that a parameter names: the constraint's name, its
     * clause, whether it is enforced ({@code YES}); sorted by {@code t.table_name}.
     */
    String checks();

    /**
     * The clause of the check that makes a text column a JSON; empty where JSON is a type.
     *
     * @param quoted the column's name, in backticks
     */
    Optional<String> jsonCheck(String quoted);

    /** An expression of the catalogue as it would stand in a statement. */
    String expression(String shown);

    /**
     * A column's default as the catalogue shows it.
     *
     * @param binary whether the column holds bytes
     * @param extra the catalogue's other remarks on the column, in lower case
     */
    Optional<ColumnDefault> columnDefault(String shown, boolean binary, String extra);

    /**
     * A default.
     *
     * @param text the value's text, or the expression in the server's words
     * @param expression whether it is an expression, not a value
     */
    record ColumnDefault(String text, boolean expression) {}
}
