package io.landbridge.assess;

import io.landbridge.change.TableId;
import io.landbridge.schema.TablePatterns;
import io.landbridge.schema.mysql.MysqlCatalogue;
import io.landbridge.schema.mysql.MysqlColumn;
import io.landbridge.schema.mysql.MysqlTable;
import java.sql.SQLException;
import java.util.List;

/** What only MariaDB has, and what of it does not move. */
final class MariadbCheck implements MysqlCheck {

    private static final String OTHER_TABLES =
            """
            SELECT table_schema, table_name FROM information_schema.tables
             WHERE table_type = ? ORDER BY 1, 2""";

    @Override
    public void run(MysqlSubject subject, Findings findings) throws SQLException {
        if (subject.source().setting("log_bin_compress").equalsIgnoreCase("ON")) {
            findings.blocker(
                    FindingCode.MYSQL_BINLOG,
                    "log_bin_compress",
                    "it is 'ON': compressed events are not read",
                    subject.source().dialect().persist("log_bin_compress", "OFF"));
        }
        versioned(subject, findings);
        sequences(subject, findings);
        for (MysqlTable table : subject.tables()) {
            List<String> compressed =
                    table.columns().stream()
                            .filter(MysqlColumn::isCompressed)
                            .map(MysqlColumn::name)
                            .toList();
            if (!compressed.isEmpty()) {
                findings.blocker(
                        FindingCode.TYPE_UNSUPPORTED,
                        table.id().toString(),
                        "columns are COMPRESSED, whose values in the log are not read: "
                                + Findings.list(compressed),
                        "ALTER TABLE ... MODIFY them without COMPRESSED, or exclude the table");
            }
        }
    }

    /** Their rows of before would have to move, too. */
    private static void versioned(MysqlSubject subject, Findings findings) throws SQLException {
        TablePatterns wanted =
                MysqlCatalogue.patterns(
                        subject.configuration().source().database(),
                        subject.configuration().tables());
        for (TableId table : others(subject, "SYSTEM VERSIONED")) {
            if (wanted.fits(table)) {
                findings.blocker(
                        FindingCode.TYPE_UNSUPPORTED,
                        table.toString(),
                        "it is system-versioned: neither its rows nor its history move",
                        "ALTER TABLE ... DROP SYSTEM VERSIONING, which forgets the history, or"
                                + " exclude it");
            }
        }
    }

    private static void sequences(MysqlSubject subject, Findings findings) throws SQLException {
        List<String> found =
                others(subject, "SEQUENCE").stream()
                        .filter(
                                one ->
                                        one.schema()
                                                        .equals(
                                                                subject.configuration()
                                                                        .source()
                                                                        .database())
                                                || subject.tables().stream()
                                                        .anyMatch(
                                                                table ->
                                                                        table.id()
                                                                                .schema()
                                                                                .equals(
                                                                                        one
                                                                                                .schema())))
                        .map(TableId::toString)
                        .toList();
        if (!found.isEmpty()) {
            findings.warning(
                    FindingCode.MYSQL_OBJECT,
                    found.size() + " sequences",
                    "these do not move, nor do defaults that draw from them: "
                            + Findings.list(found),
                    "create them at the target behind the fence, from NEXTVAL on, before the"
                            + " application writes there");
        }
    }

    private static List<TableId> others(MysqlSubject subject, String type) throws SQLException {
        return subject.source().rows(OTHER_TABLES, type).stream()
                .map(row -> new TableId(row.get(0), row.get(1)))
                .toList();
    }
}
