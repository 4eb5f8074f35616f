package io.landbridge.connect;

import io.debezium.connector.mysql.MySqlConnector;
import org.apache.kafka.connect.connector.Task;

/** Debezium's connector for MySQL, with {@link MysqlLogTask}. */
public final class MysqlLogConnector extends MySqlConnector {

    @Override
    public Class<? extends Task> taskClass() {
        return MysqlLogTask.class;
    }

    @Override
    public String version() {
        return PlugIn.version(super.version());
    }
}
