package io.landbridge.jdbc.dialect;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** MariaDB 10.11 and later. */
final class MariadbDialect implements Dialect {

    static final Dialect INSTANCE = new MariadbDialect();

    private static final Pattern VALUE =
            Pattern.compile("-?\\d+(\\.\\d+)?([eE][-+]?\\d+)?|b'[01]*'");
    private static final Pattern TEXT =
            Pattern.compile("'((?:[^'\\\\]|''|\\\\.)*)'", Pattern.DOTALL);

    private MariadbDialect() {}

    @Override
    public String product() {
        return "MariaDB 10.11 or newer";
    }

    @Override
    public boolean isSupported(int major, int minor, int patch) {
        return major > 10 || (major == 10 && minor >= 11);
    }

    @Override
    public String session() {
        return "max_statement_time=0";
    }

    @Override
    public String statementLimit(Duration limit) {
        return "max_statement_time = " + limit.toSeconds();
    }

    /** It has no statement for both. */
    @Override
    public String persist(String setting, String value) {
        return "SET GLOBAL " + setting + " = " + value + ", and the same in the server's my.cnf";
    }

    /** Servers of one replication have different numbers; there is nothing else that stays. */
    @Override
    public String serverIdentity() {
        return "CONCAT('mariadb-', @@server_id)";
    }

    /** Always: the log's group commit commits the engine's transactions in its order. */
    @Override
    public String commitsInLogOrder() {
        return "1";
    }

    @Override
    public Optional<String> snapshotPlace() {
        return Optional.of(
                "SHOW STATUS WHERE variable_name IN ('Binlog_snapshot_file',"
                        + " 'Binlog_snapshot_position')");
    }

    @Override
    public String replications() {
        return "SELECT CONCAT('replication into this server, session ', id) FROM"
                + " information_schema.processlist WHERE command = 'Slave_SQL'";
    }

    /** Its GTIDs are there, and nothing here uses them. */
    @Override
    public Optional<String> gtidSetting() {
        return Optional.empty();
    }

    @Override
    public String logsReplicatedSetting(int major, int minor, int patch) {
        return "log_slave_updates";
    }

    @Override
    public String upstreams(int major, int minor, int patch) {
        return "SHOW ALL SLAVES STATUS";
    }

    /** The last one shows the other replicas, one of whose numbers must not be taken. */
    @Override
    public List<String> rightsToFollow() {
        return List.of("REPLICATION SLAVE", "BINLOG MONITOR", "REPLICATION MASTER ADMIN");
    }

    /** READ ONLY ADMIN writes on behind {@code read_only}, and there is nothing stronger. */
    @Override
    public boolean shutsForAll() {
        return false;
    }

    /** Its functions are exact. */
    @Override
    public String doubleText(String number) {
        return "CAST(" + number + " AS CHAR CHARACTER SET utf8mb4)";
    }

    @Override
    public String uuidText(String bytes) {
        return "LOWER(INSERT(INSERT(INSERT(INSERT(HEX("
                + bytes
                + "), 21, 0, '-'), 17, 0, '-'), 13, 0, '-'), 9, 0, '-'))";
    }

    @Override
    public String isUuid(String text) {
        return text + " REGEXP '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$'";
    }

    @Override
    public String sridOfColumn() {
        return "NULL";
    }

    @Override
    public String indexIsVisible() {
        return "IF(ignored = 'YES', 'NO', 'YES')";
    }

    @Override
    public String indexExpression() {
        return "NULL";
    }

    /** A name is a table's own; one may stand twice there: at a column, and at the table. */
    @Override
    public String checks() {
        return """
               SELECT t.constraint_name, c.check_clause, 'YES'
                 FROM information_schema.table_constraints t
                 JOIN information_schema.check_constraints c
                   ON c.constraint_schema = t.constraint_schema
                  AND c.table_name = t.table_name
                  AND c.constraint_name = t.constraint_name
                WHERE t.constraint_type = 'CHECK' AND t.table_schema = ?
                GROUP BY t.table_name, t.constraint_name, c.check_clause
                ORDER BY t.table_name, t.constraint_name""";
    }

    @Override
    public Optional<String> jsonCheck(String quoted) {
        return Optional.of("json_valid(" + quoted + ")");
    }

    /** As it stands. */
    @Override
    public String expression(String shown) {
        return shown;
    }

    /**
     * Every default is shown as an expression: {@code 'a''b'}, {@code 5}, {@code
     * current_timestamp()}, and the word {@code NULL}. Bytes are shown as characters, which loses
     * some: no value can be told from them.
     */
    @Override
    public Optional<ColumnDefault> columnDefault(String shown, boolean binary, String extra) {
        if (shown.equals("NULL")) {
            return Optional.empty();
        }
        var text = TEXT.matcher(shown);
        boolean expression = binary || !(VALUE.matcher(shown).matches() || text.matches());
        return Optional.of(
                new ColumnDefault(
                        expression || !text.matches() ? shown : unescape(text.group(1)),
                        expression));
    }

    /** What stands between the quotes. */
    private static String unescape(String literal) {
        StringBuilder text = new StringBuilder(literal.length());
        for (int i = 0; i < literal.length(); i++) {
            char c = literal.charAt(i);
            boolean escape = (c == '\\' || c == '\'') && i + 1 < literal.length();
            if (!escape) {
                text.append(c);
                continue;
            }
            char next = literal.charAt(++i);
            text.append(c == '\'' ? next : escaped(next));
        }
        return text.toString();
    }

    private static char escaped(char c) {
        return switch (c) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case '0' -> '\0';
            case 'Z' -> 26;
            case 'b' -> '\b';
            default -> c;
        };
    }
}
