package io.landbridge.schema;

import io.landbridge.change.TableId;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.Relations;
import io.landbridge.schema.PostgresRelations.Relation;
import io.landbridge.schema.Table.ReplicaIdentity;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets REPLICA IDENTITY FULL at the source where the log would not say which row an update or a
 * delete meant, and takes that back. What was there before is kept at the target first, so that a
 * crash in between forgets nothing.
 *
 * <p>Owned by one thread.
 */
public final class ReplicaIdentities {

    private static final Logger LOG = LoggerFactory.getLogger(ReplicaIdentities.class);

    /** The source's writers must not queue up behind us for long. */
    private static final String LOCK_TIMEOUT = "SET LOCAL lock_timeout = '5s'";

    private static final String CREATE =
            """
            CREATE TABLE IF NOT EXISTS landbridge.replica_identity (
              migration text NOT NULL,
              table_name text NOT NULL,
              former text NOT NULL,
              PRIMARY KEY (migration, table_name))""";

    private final String migration;
    private final Database source;
    private final Database target;

    public ReplicaIdentities(String migration, Database source, Database target) {
        this.migration = migration;
        this.source = source;
        this.target = target;
    }

    /**
     * Sets it on those of {@code tables} that need it, and on their partitions; to be called before
     * they are published. May be repeated.
     *
     * @throws io.landbridge.fault.Fault SOURCE_LOCK_TIMEOUT, SOURCE_RIGHTS
     */
    public void set(Collection<Table> tables) {
        set(tables, Set.of(ReplicaIdentity.NOTHING));
    }

    /**
     * As {@link #set}, and also where the log carries the old values of the primary key only. One
     * that was chosen among the indexes stays: rows are told apart by it.
     */
    public void setEverywhere(Collection<Table> tables) {
        set(tables, Set.of(ReplicaIdentity.NOTHING, ReplicaIdentity.DEFAULT));
    }

    private void set(Collection<Table> tables, Set<ReplicaIdentity> poor) {
        Set<TableId> silent =
                tables.stream()
                        .filter(table -> poor.contains(table.replicaIdentity()))
                        .map(Table::id)
                        .collect(Collectors.toSet());
        if (silent.isEmpty()) {
            return;
        }
        List<Relation> relations =
                source.with(
                        "reading replica identities",
                        connection -> {
                            PostgresRelations all = PostgresRelations.read(connection);
                            return all.named(silent).stream()
                                    .flatMap(root -> all.tree(root).stream())
                                    .filter(relation -> !relation.replicaIdentity().equals("f"))
                                    .toList();
                        });
        target.inTransaction(
                "keeping replica identities",
                connection -> {
                    keep(connection, relations);
                    return null;
                });
        relations.forEach(relation -> alter(Sql.quote(relation.id()), "FULL"));
        LOG.info("REPLICA IDENTITY FULL was set on {}", silent);
    }

    /** Gives every table back what it had; forgets it then. May be repeated. */
    public void restore() {
        for (Former former : target.with("reading replica identities", this::kept)) {
            String table = former.table();
            if (source.with(
                    "looking for " + table, connection -> Relations.exists(connection, table))) {
                alter(table, former.identity());
                LOG.info("REPLICA IDENTITY {} was given back to {}", former.identity(), table);
            }
        }
        target.inTransaction("forgetting replica identities", this::forget);
    }

    /** What a table had, as SQL spells both. */
    private record Former(String table, String identity) {}

    private void alter(String table, String identity) {
        source.inTransaction(
                "setting the replica identity of " + table,
                connection -> {
                    try (Statement statement = connection.createStatement()) {
                        statement.execute(LOCK_TIMEOUT);
                        statement.execute(
                                "ALTER TABLE ONLY " + table + " REPLICA IDENTITY " + identity);
                    }
                    return null;
                });
    }

    private void keep(Connection connection, List<Relation> relations) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(CREATE);
        }
        try (PreparedStatement insert =
                connection.prepareStatement(
                        "INSERT INTO landbridge.replica_identity VALUES (?, ?, ?)"
                                + " ON CONFLICT DO NOTHING")) {
            for (Relation relation : relations) {
                insert.setString(1, migration);
                insert.setString(2, Sql.quote(relation.id()));
                // An index that has gone was as good as none.
                insert.setString(3, relation.replicaIdentity().equals("n") ? "NOTHING" : "DEFAULT");
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private List<Former> kept(Connection connection) throws SQLException {
        List<Former> kept = new ArrayList<>();
        if (Relations.exists(connection, "landbridge.replica_identity")) {
            try (PreparedStatement query =
                    connection.prepareStatement(
                            "SELECT table_name, former FROM landbridge.replica_identity"
                                    + " WHERE migration = ? ORDER BY 1")) {
                query.setString(1, migration);
                try (ResultSet row = query.executeQuery()) {
                    while (row.next()) {
                        kept.add(new Former(row.getString(1), row.getString(2)));
                    }
                }
            }
        }
        return kept;
    }

    private Void forget(Connection connection) throws SQLException {
        if (Relations.exists(connection, "landbridge.replica_identity")) {
            try (PreparedStatement delete =
                    connection.prepareStatement(
                            "DELETE FROM landbridge.replica_identity WHERE migration = ?")) {
                delete.setString(1, migration);
                delete.executeUpdate();
            }
        }
        return null;
    }
}
