package io.landbridge.jdbc.dialect;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** MySQL 8.0.13 and later. */
final class MysqlDialect implements Dialect {

    static final Dialect INSTANCE = new MysqlDialect();

    private MysqlDialect() {}

    @Override
    public String product() {
        return "MySQL 8.0.13 or newer";
    }

    @Override
    public boolean isSupported(int major, int minor, int patch) {
        return major > 8 || (major == 8 && (minor > 0 || patch >= 13));
    }

    @Override
    public String session() {
        return "max_execution_time=0,information_schema_stats_expiry=0";
    }

    @Override
    public String statementLimit(Duration limit) {
        return "max_execution_time = " + limit.toMillis();
    }

    @Override
    public String persist(String setting, String value) {
        return "SET PERSIST " + setting + " = " + value;
    }

    @Override
    public String serverIdentity() {
        return "@@server_uuid";
    }

    @Override
    public String commitsInLogOrder() {
        return "@@binlog_order_commits";
    }

    /** A session that reads the log's end has its snapshot at another moment. */
    @Override
    public Optional<String> snapshotPlace() {
        return Optional.empty();
    }

    @Override
    public String replications() {
        return """
               SELECT CONCAT('replication into this server',
                             IF(channel_name = '', '', CONCAT(', channel ', channel_name)))
                 FROM performance_schema.replication_applier_status
                WHERE service_state = 'ON'""";
    }

    @Override
    public Optional<String> gtidSetting() {
        return Optional.of("gtid_mode");
    }

    @Override
    public String logsReplicatedSetting(int major, int minor, int patch) {
        return hasNewWords(major, minor, patch) ? "log_replica_updates" : "log_slave_updates";
    }

    @Override
    public String upstreams(int major, int minor, int patch) {
        return hasNewWords(major, minor, patch) ? "SHOW REPLICA STATUS" : "SHOW SLAVE STATUS";
    }

    private static boolean hasNewWords(int major, int minor, int patch) {
        return major > 8 || minor > 0 || patch >= 26;
    }

    @Override
    public List<String> rightsToFollow() {
        return List.of("REPLICATION SLAVE", "REPLICATION CLIENT");
    }

    @Override
    public boolean shutsForAll() {
        return true;
    }

    /**
     * Its JSON is exact, and ends in {@code .0} where the digits alone would be an integer. Its
     * functions round where a text would be longer than 22 characters.
     */
    @Override
    public String doubleText(String number) {
        return "TRIM(TRAILING '.0' FROM CAST(CAST("
                + number
                + " AS JSON) AS CHAR CHARACTER SET utf8mb4))";
    }

    @Override
    public String uuidText(String bytes) {
        return "BIN_TO_UUID(" + bytes + ")";
    }

    @Override
    public String isUuid(String text) {
        return "IS_UUID(" + text + ")";
    }

    @Override
    public String sridOfColumn() {
        return "srs_id";
    }

    @Override
    public String indexIsVisible() {
        return "is_visible";
    }

    @Override
    public String indexExpression() {
        return "expression";
    }

    @Override
    public String checks() {
        return """
               SELECT t.constraint_name, c.check_clause, t.enforced
                 FROM information_schema.table_constraints t
                 JOIN information_schema.check_constraints c
                   ON c.constraint_schema = t.constraint_schema
                  AND c.constraint_name = t.constraint_name
                WHERE t.constraint_type = 'CHECK' AND t.table_schema = ?
                ORDER BY t.table_name, t.constraint_name""";
    }

    @Override
    public Optional<String> jsonCheck(String quoted) {
        return Optional.empty();
    }

    /**
     * The catalogue keeps an expression with a backslash before each quote and backslash ({@code
     * concat(`a`,_utf8mb4\' \')}).
     */
    @Override
    public String expression(String shown) {
        StringBuilder text = new StringBuilder(shown.length());
        for (int i = 0; i < shown.length(); i++) {
            char c = shown.charAt(i);
            boolean escape =
                    c == '\\' && i + 1 < shown.length() && "'\\".indexOf(shown.charAt(i + 1)) >= 0;
            if (escape) {
                i++;
            }
            text.append(shown.charAt(i));
        }
        return text.toString();
    }

    @Override
    public Optional<ColumnDefault> columnDefault(String shown, boolean binary, String extra) {
        boolean expression = extra.contains("default_generated");
        return Optional.of(new ColumnDefault(expression ? expression(shown) : shown, expression));
    }
}
