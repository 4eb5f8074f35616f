package io.landbridge.assess;

import io.landbridge.schema.mysql.Form;
import io.landbridge.schema.mysql.MappedColumn;
import io.landbridge.schema.mysql.MappedTable;
import io.landbridge.schema.mysql.MysqlColumn;
import io.landbridge.schema.mysql.MysqlSql;
import java.math.BigInteger;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Values that the target's types can't hold, found by one pass over the first {@value #ROWS} rows
 * of each table, which the session's time limit breaks off: with how many there are and the key of
 * one.
 */
final class MysqlValueCheck implements MysqlCheck {

    private static final long ROWS = 2_000_000;

    /** MySQL's own words for a value that must not be there. */
    private record Suspicion(
            MappedColumn column,
            String condition,
            String why,
            String whatToDo,
            Severity severity) {}

    @Override
    public void run(MysqlSubject subject, Findings findings) throws SQLException {
        SQLException last = null;
        for (MappedTable table : subject.mapped()) {
            List<Suspicion> suspicions = new ArrayList<>();
            for (MappedColumn column : table.writtenColumns()) {
                suspicions.addAll(suspicions(table, column));
            }
            if (!suspicions.isEmpty()) {
                try {
                    look(subject.source(), table, suspicions, findings);
                } catch (SQLException e) {
                    last = e;
                }
            }
        }
        if (last != null) {
            throw last;
        }
    }

    private static void look(
            MysqlInquiry source, MappedTable table, List<Suspicion> suspicions, Findings findings)
            throws SQLException {
        String rows = " FROM (SELECT * FROM " + from(table) + " LIMIT " + ROWS + ") AS some";
        List<String> counts =
                source.rows(
                                "SELECT "
                                        + suspicions.stream()
                                                .map(one -> "SUM(" + one.condition() + ")")
                                                .collect(Collectors.joining(", "))
                                        + rows)
                        .get(0);
        for (int i = 0; i < suspicions.size(); i++) {
            String count = counts.get(i);
            if (count != null && !count.equals("0")) {
                report(source, table, suspicions.get(i), count, findings);
            }
        }
    }

    private static void report(
            MysqlInquiry source,
            MappedTable table,
            Suspicion suspicion,
            String count,
            Findings findings)
            throws SQLException {
        String example = "";
        if (!table.source().key().isEmpty()) {
            List<List<String>> keys =
                    source.rows(
                            "SELECT "
                                    + MysqlSql.quoteAll(table.source().key())
                                    + " FROM "
                                    + from(table)
                                    + " WHERE "
                                    + suspicion.condition()
                                    + " LIMIT 1");
            example = keys.isEmpty() ? "" : ", one of them in row " + keys.get(0);
        }
        findings.add(
                suspicion.severity(),
                FindingCode.MYSQL_VALUE,
                table.sourceId() + "." + suspicion.column().source().name(),
                count + " values " + suspicion.why() + example,
                suspicion.whatToDo());
    }

    private static String from(MappedTable table) {
        return MysqlSql.quote(table.sourceId());
    }

    private static List<Suspicion> suspicions(MappedTable table, MappedColumn column) {
        MysqlColumn source = column.source();
        String c = MysqlSql.quote(source.name());
        List<Suspicion> found = new ArrayList<>();
        if (source.isDate()) {
            found.add(zeroDate(column, c));
        }
        if (column.form() == Form.BOOLEAN && source.isInteger()) {
            found.add(
                    blocker(
                            column,
                            c + " NOT IN (0, 1)",
                            "are neither 0 nor 1, and the target's column is boolean",
                            "map it: schema.mapping.columns: [\""
                                    + table.sourceId()
                                    + "."
                                    + source.name()
                                    + " = smallint\"]"));
        }
        if (column.form() == Form.INTEGER && source.isInteger()) {
            range(column, c).ifPresent(found::add);
        }
        if (source.columnType().equals("tinyint(1)") && column.form() == Form.INTEGER) {
            found.add(
                    note(
                            column,
                            c + " NOT IN (0, 1)",
                            "are neither 0 nor 1, so that it becomes "
                                    + column.type()
                                    + " and not boolean"));
        }
        if (source.dataType().equals("time")) {
            found.add(time(column, "(" + c + " < '00:00:00' OR " + c + " >= '24:00:00')"));
        }
        if (source.dataType().equals("year")) {
            found.add(note(column, c + " + 0 = 0", "are the year 0000, and become 0"));
        }
        if (column.form() == Form.DOUBLE && source.scale().isPresent()) {
            found.add(
                    note(
                            column,
                            "CONCAT(" + c + ") + 0e0 <> " + c + " * 1e0",
                            "are not what MySQL shows of them, rounded to "
                                    + source.scale().get()
                                    + " decimals; they are carried as they are stored"));
        }
        if (source.dataType().equals("enum")) {
            found.add(
                    blocker(
                            column,
                            c + " + 0 = 0",
                            "are none of the labels: what MySQL keeps for an error in a lax"
                                    + " sql_mode",
                            "give them a label, or NULL"));
        }
        if (source.isText()) {
            texts(column, c, found);
        }
        if (source.dataType().equals("json")) {
            found.add(
                    blocker(
                            column,
                            "LOCATE('\\\\u0000', CAST(" + c + " AS CHAR)) > 0",
                            "hold the character NUL, which jsonb can't",
                            "map it to json, or take it out"));
        }
        return found;
    }

    private static Suspicion time(MappedColumn column, String outside) {
        return column.type().startsWith("time")
                ? blocker(
                        column,
                        outside,
                        "are no time of day",
                        "map it to interval under schema.mapping.columns")
                : note(column, outside, "are no time of day; it becomes " + column.type());
    }

    private static Suspicion zeroDate(MappedColumn column, String c) {
        String condition =
                "(YEAR(%1$s) = 0 OR MONTH(%1$s) = 0 OR DAYOFMONTH(%1$s) = 0)".formatted(c);
        return column.zeroDateIsNull()
                ? new Suspicion(
                        column, condition, "are no dates, and become NULL", "", Severity.WARNING)
                : blocker(
                        column,
                        condition,
                        "are no dates: they lack a year, a month or a day",
                        "set schema.mapping.zero-dates: as-null, or correct them");
    }

    private static Optional<Suspicion> range(MappedColumn column, String c) {
        int bits =
                switch (column.type()) {
                    case "smallint" -> 16;
                    case "integer" -> 32;
                    case "bigint" -> 64;
                    default -> 0;
                };
        int there =
                switch (column.source().dataType()) {
                    case "tinyint" -> 8;
                    case "smallint" -> 16;
                    case "mediumint" -> 24;
                    case "int" -> 32;
                    default -> 64;
                };
        boolean fits = bits == 0 || (column.source().unsigned() ? there < bits : there <= bits);
        if (fits) {
            return Optional.empty();
        }
        BigInteger most = BigInteger.ONE.shiftLeft(bits - 1).subtract(BigInteger.ONE);
        String low =
                column.source().unsigned() ? "" : " OR " + c + " < -" + most.add(BigInteger.ONE);
        return Optional.of(
                blocker(
                        column,
                        "(" + c + " > " + most + low + ")",
                        "are beyond " + column.type(),
                        "map it to a wider type under schema.mapping.columns"));
    }

    private static void texts(MappedColumn column, String c, List<Suspicion> found) {
        found.add(
                blocker(
                        column,
                        "LOCATE(0x00, CAST(" + c + " AS BINARY)) > 0 AND " + oneByteUnits(column),
                        "hold the character NUL, which PostgreSQL's texts can't",
                        "take it out, or map the column's values elsewhere"));
        if (column.source().charset().startsWith("utf8")) {
            found.add(
                    blocker(
                            column,
                            "("
                                    + c
                                    + " IS NOT NULL AND CONVERT(CAST("
                                    + c
                                    + " AS BINARY) USING utf8mb4) IS NULL)",
                            "are not valid UTF-8",
                            "correct them: they came in over a connection with a wrong character"
                                    + " set"));
        }
        if (!isUnicode(column)) {
            found.add(
                    blocker(
                            column,
                            "CAST(CONVERT(CONVERT(%1$s USING utf8mb4) USING %2$s) AS BINARY) <> CAST(%1$s AS BINARY)"
                                    .formatted(c, column.source().charset()),
                            "hold bytes that are no characters of "
                                    + column.source().charset()
                                    + ", which MySQL itself gives as question marks",
                            "correct them: they came in over a connection with a wrong character"
                                    + " set"));
        }
        if (column.form() == Form.UUID) {
            found.add(
                    blocker(
                            column,
                            "NOT " + column.source().dialect().isUuid(c),
                            "are no UUIDs",
                            "map it to another type under schema.mapping.columns"));
        }
    }

    private static boolean isUnicode(MappedColumn column) {
        return column.source().charset().startsWith("utf")
                || column.source().charset().equals("ucs2");
    }

    /** UCS-2 and its like have zero bytes in every letter. */
    private static String oneByteUnits(MappedColumn column) {
        return switch (column.source().charset()) {
            case "ucs2", "utf16", "utf16le", "utf32" -> "FALSE";
            default -> "TRUE";
        };
    }

    private static Suspicion note(MappedColumn column, String condition, String why) {
        return new Suspicion(column, condition, why, "", Severity.NOTE);
    }

    private static Suspicion blocker(
            MappedColumn column, String condition, String why, String whatToDo) {
        return new Suspicion(column, condition, why, whatToDo, Severity.BLOCKER);
    }
}
