package io.landbridge.schema.mysql.digest;

import io.landbridge.change.TableId;
import io.landbridge.schema.digest.ComparedTable;
import io.landbridge.schema.digest.Digest;
import io.landbridge.schema.digest.KeyRange;
import io.landbridge.schema.digest.RowCursor;
import io.landbridge.schema.digest.Sample;
import io.landbridge.schema.digest.TableReader;
import io.landbridge.schema.mysql.MappedColumn;
import io.landbridge.schema.mysql.MappedTable;
import io.landbridge.schema.mysql.MysqlSql;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * {@link TableReader} of MySQL 8: hashes what {@link RowWords} says, as PostgreSQL does with the
 * same words at the other side. Rows whose words MySQL can't give, since a JSON of theirs has a
 * number that PostgreSQL spells anew, come here and are hashed by {@link LocalHash}.
 */
final class MysqlTableReader implements TableReader {

    /** Longest text of a value that is shown. */
    private static final int SHOWN_CHARACTERS = 300;

    /** A derived table with a limit is made once; without one its expressions are copied. */
    private static final String ONCE = " LIMIT 18446744073709551615";

    private static final String ESTIMATE =
            "SELECT table_rows FROM information_schema.tables WHERE table_schema = %s AND"
                    + " table_name = %s";

    private final SnapshotSession session;
    private final Map<TableId, MappedTable> tables;
    private final Consumer<SnapshotSession> whenDone;

    /**
     * A reader.
     *
     * @param tables by MySQL's names
     * @param whenDone takes the session back
     */
    MysqlTableReader(
            SnapshotSession session,
            Map<TableId, MappedTable> tables,
            Consumer<SnapshotSession> whenDone) {
        this.session = session;
        this.tables = tables;
        this.whenDone = whenDone;
    }

    private MappedTable mapped(ComparedTable table) {
        return tables.get(table.id());
    }

    private static String from(ComparedTable table) {
        return " FROM " + MysqlSql.quote(table.id()) + " AS t";
    }

    @Override
    public long count(ComparedTable table) {
        return session
                .all(table.id(), "SELECT COUNT(*)" + from(table), row -> row.getLong(1))
                .stream()
                .findFirst()
                .orElse(0L);
    }

    @Override
    public long estimate(ComparedTable table) {
        String query =
                ESTIMATE.formatted(
                        MysqlSql.literal(table.id().schema()), MysqlSql.literal(table.id().name()));
        return session.all(table.id(), query, row -> row.getLong(1)).stream()
                .findFirst()
                .orElse(0L);
    }

    /** Walks along the key's index, once; only where PostgreSQL has the same order. */
    @Override
    public List<String> bounds(ComparedTable table, int parts, long estimatedRows) {
        MappedTable mapped = mapped(table);
        if (!KeySql.canBound(mapped, table.key())) {
            return List.of();
        }
        MappedColumn key = mapped.column(table.key().get(0));
        String name = "t." + MysqlSql.quote(key.source().name());
        long step = Math.max(1, estimatedRows / parts);
        List<String> bounds = new ArrayList<>();
        Optional<String> last = Optional.empty();
        do {
            String query =
                    "SELECT "
                            + key.sourceSql("t")
                            + from(table)
                            + " WHERE TRUE"
                            + last.map(bound -> KeySql.bound(key, ">", bound)).orElse("")
                            + " ORDER BY "
                            + name
                            + " LIMIT 1 OFFSET "
                            + step;
            last = session.all(table.id(), query, row -> row.getString(1)).stream().findFirst();
            last.ifPresent(bounds::add);
        } while (last.isPresent());
        return bounds;
    }

    @Override
    public Digest digest(ComparedTable table, KeyRange range, Sample sample, int buckets) {
        MappedTable mapped = mapped(table);
        Optional<String> beyond = RowWords.beyond(mapped, table.columns());
        String where = where(table, range, sample);
        String query =
                "SELECT h & "
                        + (buckets - 1)
                        + ", COUNT(*), SUM(h), SUM(l) FROM (SELECT "
                        + number("m", 1)
                        + " AS h, "
                        + number("m", 17)
                        + " AS l FROM (SELECT "
                        + hash(mapped, table.columns(), beyond)
                        + " AS m"
                        + from(table)
                        + where
                        + ONCE
                        + ") AS r"
                        + ONCE
                        + ") AS d GROUP BY 1";
        Digest digest = new Digest(buckets);
        boolean complete = true;
        try (SnapshotSession.Rows rows = session.stream(table.id(), query)) {
            while (rows.next()) {
                complete &= add(digest, rows.row());
            }
        } catch (SQLException e) {
            throw session.fault(table.id(), e);
        }
        if (!complete) {
            addRespelled(digest, table, where + " AND (" + beyond.orElseThrow() + ")");
        }
        return digest;
    }

    /** Returns false for the group of rows that MySQL can't hash. */
    private static boolean add(Digest digest, ResultSet row) throws SQLException {
        String bucket = row.getString(1);
        if (bucket == null) {
            return false;
        }
        digest.add(
                Integer.parseInt(bucket),
                row.getLong(2),
                new BigDecimal(row.getString(3)).toBigInteger().longValue(),
                new BigDecimal(row.getString(4)).toBigInteger().longValue());
        return true;
    }

    private void addRespelled(Digest digest, ComparedTable table, String where) {
        LocalHash hash = new LocalHash(mapped(table), table.columns());
        String query = "SELECT " + hash.words() + from(table) + where;
        try (SnapshotSession.Rows rows = session.stream(table.id(), query)) {
            while (rows.next()) {
                String m = hash.of(rows.row(), 1);
                long high = Long.parseUnsignedLong(m.substring(0, 16), 16);
                long low = Long.parseUnsignedLong(m.substring(16), 16);
                digest.add((int) (high & (digest.buckets() - 1)), 1, high, low);
            }
        } catch (SQLException e) {
            throw session.fault(table.id(), e);
        }
    }

    /** MD5 of the columns' words; NULL where they are beyond MySQL. */
    private static String hash(MappedTable table, List<String> columns, Optional<String> beyond) {
        String md5 = "MD5(" + RowWords.source(table, columns) + ")";
        return beyond.map(condition -> "IF(" + condition + ", NULL, " + md5 + ")").orElse(md5);
    }

    /** Sixteen hexadecimal digits of hash {@code m} as an unsigned number. */
    private static String number(String m, int from) {
        return "CAST(CONV(SUBSTR(" + m + ", " + from + ", 16), 16, 10) AS UNSIGNED)";
    }

    /** What tells a row from the others of its table; a key has no JSON. */
    private static String keyHash(MappedTable mapped, ComparedTable table) {
        return "MD5(" + RowWords.source(mapped, table.key()) + ")";
    }

    private String where(ComparedTable table, KeyRange range, Sample sample) {
        MappedTable mapped = mapped(table);
        StringBuilder where = new StringBuilder(" WHERE TRUE");
        range.from()
                .ifPresent(
                        from ->
                                where.append(
                                        KeySql.bound(
                                                mapped.column(table.key().get(0)), ">=", from)));
        range.to()
                .ifPresent(
                        to ->
                                where.append(
                                        KeySql.bound(mapped.column(table.key().get(0)), "<", to)));
        if (!sample.isEveryRow()) {
            String identity =
                    table.hasKey()
                            ? keyHash(mapped, table)
                            : "MD5(" + RowWords.source(mapped, table.columns()) + ")";
            where.append(" AND CAST(CONV(LEFT(")
                    .append(identity)
                    .append(", 8), 16, 10) AS UNSIGNED) < ")
                    .append(sample.threshold());
        }
        return where.toString();
    }

    @Override
    public RowCursor rows(
            ComparedTable table, KeyRange range, Sample sample, int buckets, BitSet wanted) {
        StringBuilder some = new StringBuilder(number("m", 1) + " & " + (buckets - 1) + " IN (-1");
        wanted.stream().forEach(bucket -> some.append(',').append(bucket));
        return cursor(
                table,
                where(table, range, sample),
                " WHERE m IS NULL OR " + some + ")",
                hash ->
                        wanted.get(
                                (int) Long.parseUnsignedLong(hash.substring(0, 16), 16)
                                        & (buckets - 1)));
    }

    @Override
    public RowCursor rows(ComparedTable table, Collection<List<String>> keys) {
        return cursor(
                table,
                " WHERE " + KeySql.condition(mapped(table), table.key(), keys),
                "",
                hash -> true);
    }

    private RowCursor cursor(
            ComparedTable table,
            String where,
            String having,
            java.util.function.Predicate<String> wanted) {
        MappedTable mapped = mapped(table);
        Optional<String> beyond = RowWords.beyond(mapped, table.columns());
        LocalHash hash = new LocalHash(mapped, table.columns());
        StringBuilder query = new StringBuilder("SELECT * FROM (SELECT ");
        query.append(hash(mapped, table.columns(), beyond)).append(" AS m");
        if (table.hasKey()) {
            query.append(", ").append(keyHash(mapped, table)).append(" AS k");
        }
        for (int i = 0; i < table.key().size(); i++) {
            query.append(", ")
                    .append(mapped.column(table.key().get(i)).sourceSql("t"))
                    .append(" AS k")
                    .append(i);
        }
        beyond.ifPresent(condition -> query.append(", ").append(hash.wordsWhere(condition)));
        query.append(from(table)).append(where).append(ONCE).append(") AS r").append(having);
        query.append(table.hasKey() ? " ORDER BY k, m" : " ORDER BY m");
        return new MysqlRowCursor(
                table, session, session.stream(table.id(), query.toString()), hash, wanted);
    }

    @Override
    public Map<String, List<Optional<String>>> columns(
            ComparedTable table, Collection<List<String>> keys, boolean values) {
        MappedTable mapped = mapped(table);
        LocalHash hash = new LocalHash(mapped, table.columns());
        String query =
                "SELECT "
                        + keyHash(mapped, table)
                        + ", "
                        + (values ? texts(mapped, table.columns()) : hash.words())
                        + from(table)
                        + " WHERE "
                        + KeySql.condition(mapped, table.key(), keys);
        Map<String, List<Optional<String>>> columns = new HashMap<>();
        session.all(
                        table.id(),
                        query,
                        row -> {
                            List<Optional<String>> one = new ArrayList<>();
                            for (int i = 0; i < table.columns().size(); i++) {
                                one.add(
                                        values
                                                ? shown(
                                                        mapped.column(table.columns().get(i)),
                                                        row.getString(2 + i))
                                                : Optional.of(hash.ofColumn(row, 2, i)));
                            }
                            return Map.entry(row.getString(1), one);
                        })
                .forEach(row -> columns.put(row.getKey(), row.getValue()));
        return columns;
    }

    private static String texts(MappedTable table, List<String> columns) {
        List<String> texts = new ArrayList<>();
        for (String name : columns) {
            MappedColumn column = table.column(name);
            String text = column.sourceSql("t");
            texts.add(column.isRespelled() ? text : "LEFT(" + text + ", " + SHOWN_CHARACTERS + ")");
        }
        return String.join(", ", texts);
    }

    private static Optional<String> shown(MappedColumn column, String text) {
        if (text == null || !column.isRespelled()) {
            return Optional.ofNullable(text);
        }
        String spelled = JsonSpelling.ofJsonb(text);
        int end = Math.min(spelled.length(), SHOWN_CHARACTERS);
        return Optional.of(spelled.substring(0, end));
    }

    @Override
    public boolean isIntact(ComparedTable table) {
        return session.isIntact(table.id(), "SELECT 1" + from(table) + " LIMIT 1");
    }

    @Override
    public void cancel() {
        session.cancel();
    }

    @Override
    public void close() {
        whenDone.accept(session);
    }
}
