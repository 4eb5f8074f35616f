package io.landbridge.connect;

import io.debezium.connector.postgresql.PostgresConnector;
import org.apache.kafka.connect.connector.Task;

/** Debezium's connector for PostgreSQL, with {@link PostgresLogTask}. */
public final class PostgresLogConnector extends PostgresConnector {

    @Override
    public Class<? extends Task> taskClass() {
        return PostgresLogTask.class;
    }

    @Override
    public String version() {
        return PlugIn.version(super.version());
    }
}
