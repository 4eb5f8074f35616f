package io.landbridge.phase;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.Relations;
import io.landbridge.offsets.SourcePosition;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Keeps {@link MigrationState} in the target's {@code landbridge.migration}, so that an agent
 * started anywhere with the same configuration goes on. Only the leader writes; a version counter
 * shows when that was not so.
 */
public final class StateStore {

    /** Writes and reads what the phases keep at the target. */
    static final JsonMapper JSON =
            JsonMapper.builder()
                    .addModules(new Jdk8Module(), new JavaTimeModule(), positions())
                    .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                    .build();

    private final Database target;
    private final String migration;
    private long version;

    public StateStore(Database target, String migration) {
        this.target = target;
        this.migration = migration;
    }

    /**
     * The state as it was left; empty when this migration is new to the target. Creates nothing.
     *
     * @throws Fault STATE_UNREADABLE when another version of Landbridge wrote it
     */
    public Optional<MigrationState> read() {
        return target.with("reading the migration's state", this::read);
    }

    private Optional<MigrationState> read(Connection connection) throws SQLException {
        if (!Relations.exists(connection, "landbridge.migration")) {
            return Optional.empty();
        }
        try (var select =
                connection.prepareStatement(
                        "SELECT version, document::text FROM landbridge.migration WHERE name = ?")) {
            select.setString(1, migration);
            try (var row = select.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                version = row.getLong(1);
                return Optional.of(parse(row.getString(2)));
            }
        }
    }

    private MigrationState parse(String document) {
        try {
            JsonNode tree = JSON.readTree(document);
            int format = tree.path("format").asInt();
            if (format != MigrationState.FORMAT) {
                throw Fault.of(
                                FaultCode.STATE_UNREADABLE,
                                "the state of migration '"
                                        + migration
                                        + "' has format "
                                        + format
                                        + ", this version reads "
                                        + MigrationState.FORMAT)
                        .hint(
                                "go on with the version that wrote it, or roll it back with that one");
            }
            return JSON.treeToValue(tree, MigrationState.class);
        } catch (JsonProcessingException e) {
            throw Fault.of(
                            FaultCode.STATE_UNREADABLE,
                            "the state of migration '" + migration + "' can't be read",
                            e)
                    .hint("look at landbridge.migration in the target");
        }
    }

    /**
     * Makes the schema {@code landbridge} and this table; may be repeated. Other rooms make theirs.
     */
    public void createTable() {
        target.inTransaction(
                "creating the schema landbridge",
                connection -> {
                    try (var statement = connection.createStatement()) {
                        statement.execute("CREATE SCHEMA IF NOT EXISTS landbridge");
                        statement.execute(
                                """
                                CREATE TABLE IF NOT EXISTS landbridge.migration (
                                  name text PRIMARY KEY,
                                  version bigint NOT NULL,
                                  document jsonb NOT NULL,
                                  updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
                                )""");
                    }
                    return null;
                });
    }

    /**
     * Writes the state down; returns when it is durable.
     *
     * @throws Fault NOT_LEADER when another agent has written since this one read
     */
    public void save(MigrationState state) {
        String document = render(state);
        target.with("saving the migration's state", connection -> write(connection, document));
    }

    private Void write(Connection connection, String document) throws SQLException {
        String sql =
                version == 0
                        ? "INSERT INTO landbridge.migration (document, name, version)"
                                + " VALUES (?::jsonb, ?, ? + 1) ON CONFLICT DO NOTHING"
                        : "UPDATE landbridge.migration SET document = ?::jsonb,"
                                + " version = version + 1, updated_at = clock_timestamp()"
                                + " WHERE name = ? AND version = ?";
        try (var statement = connection.prepareStatement(sql)) {
            statement.setString(1, document);
            statement.setString(2, migration);
            statement.setLong(3, version);
            if (statement.executeUpdate() != 1) {
                throw Fault.of(
                                FaultCode.NOT_LEADER,
                                "another agent has moved migration '" + migration + "' on")
                        .hint("stop this agent; one agent leads a migration");
            }
            version++;
            return null;
        }
    }

    /**
     * Forgets {@code migration}; the last one takes the schema {@code landbridge} with it. Part of
     * the caller's transaction.
     */
    static void delete(Connection connection, String migration) throws SQLException {
        try (var delete =
                connection.prepareStatement("DELETE FROM landbridge.migration WHERE name = ?")) {
            delete.setString(1, migration);
            delete.executeUpdate();
        }
        try (var statement = connection.createStatement();
                var row =
                        statement.executeQuery(
                                "SELECT NOT EXISTS (SELECT FROM landbridge.migration)")) {
            row.next();
            if (row.getBoolean(1)) {
                statement.execute("DROP SCHEMA landbridge CASCADE");
            }
        }
    }

    private static String render(MigrationState state) {
        try {
            return JSON.writeValueAsString(state);
        } catch (JsonProcessingException e) {
            throw Fault.of(FaultCode.INTERNAL, "the migration's state can't be written", e);
        }
    }

    private static SimpleModule positions() {
        return new SimpleModule()
                .addSerializer(SourcePosition.class, ToStringSerializer.instance)
                .addDeserializer(
                        SourcePosition.class,
                        new FromStringDeserializer<SourcePosition>(SourcePosition.class) {
                            @Override
                            protected SourcePosition _deserialize(
                                    String value, DeserializationContext context) {
                                return SourcePosition.parse(value);
                            }
                        });
    }
}
