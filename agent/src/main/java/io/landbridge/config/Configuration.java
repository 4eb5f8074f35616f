package io.landbridge.config;

import io.landbridge.config.MigrationConfig.Strategy;
import java.nio.file.Path;

/**
 * Everything a user can set, checked and with defaults filled in; one record for each section of
 * {@code config/landbridge.yaml}, which documents every key.
 *
 * @param stateDir where the queue, reports and logs of this migration live on the agent's disk
 */
public record Configuration(
        MigrationConfig migration,
        DatabaseConfig source,
        DatabaseConfig target,
        TablesConfig tables,
        SchemaConfig schema,
        TransportConfig transport,
        KafkaConfig kafka,
        DmsConfig dms,
        LoadConfig load,
        ApplyConfig apply,
        ValidationConfig validation,
        CutoverConfig cutover,
        RollbackConfig rollback,
        HttpConfig http,
        MetricsConfig metrics,
        LoggingConfig logging,
        Path stateDir) {

    /** Whether rows that the target's tables hold are saved and make way for the load. */
    public boolean replacesRows() {
        return load.replaceRows()
                && rollback.targetSnapshot()
                && migration.strategy() != Strategy.CDC_ONLY;
    }

    /** Where reports are written to; made when the first one is. */
    public Path reports() {
        return stateDir.resolve("reports");
    }
}
