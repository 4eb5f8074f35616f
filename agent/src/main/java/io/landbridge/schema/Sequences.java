package io.landbridge.schema;

import io.landbridge.change.TableId;
import io.landbridge.config.TablesConfig;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Reads where PostgreSQL's sequences stand, and sets others to stand there too: the log says
 * nothing of them.
 */
public final class Sequences {

    /** Sequences asked or set in one statement: each locks its sequence until the end of it. */
    private static final int AT_ONCE = 200;

    private static final String DEFINITIONS =
            """
            with recursive family (oid) as (
                select c.oid
                from pg_class c
                join pg_namespace n on n.oid = c.relnamespace
                join unnest(?::text[], ?::text[]) as w (s, t) on n.nspname = w.s and c.relname = w.t
                union
                select case when i.inhrelid = f.oid then i.inhparent else i.inhrelid end
                from family f
                join pg_inherits i on f.oid in (i.inhrelid, i.inhparent)
                join pg_class c on c.oid = i.inhrelid and c.relispartition
            ), defaults (oid) as (
                select x.refobjid
                from pg_attrdef a
                join pg_depend x on x.classid = 'pg_attrdef'::regclass and x.objid = a.oid
                    and x.refclassid = 'pg_class'::regclass
                where a.adrelid in (select oid from family)
            )
            select n.nspname, c.relname, format_type(s.seqtypid, null), s.seqstart,
                   s.seqincrement, s.seqmin, s.seqmax, s.seqcycle, s.seqcache,
                   o.nspname, t.relname, a.attname, d.deptype = 'i',
                   coalesce(d.refobjid in (select oid from family), false)
                       or c.oid in (select oid from defaults)
            from pg_sequence s
            join pg_class c on c.oid = s.seqrelid
            join pg_namespace n on n.oid = c.relnamespace
            left join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = c.oid
                and d.refclassid = 'pg_class'::regclass and d.refobjsubid > 0
                and d.deptype in ('a', 'i')
            left join pg_class t on t.oid = d.refobjid
            left join pg_namespace o on o.oid = t.relnamespace
            left join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
            where c.relpersistence <> 't' and n.nspname !~ '^pg_'
              and n.nspname not in ('information_schema', 'landbridge')
              and not exists (select 1 from pg_depend e where e.classid = 'pg_class'::regclass
                              and e.objid = c.oid and e.deptype = 'e')
            order by n.nspname collate "C", c.relname collate "C"
            """;

    /** The sequence of the same column, else the one of the same name, else NULL. */
    private static final String COUNTERPARTS =
            """
            select w.n, coalesce(
                       (select min(d.objid)
                        from pg_depend d
                        join pg_class s on s.oid = d.objid and s.relkind = 'S'
                        join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
                        where d.classid = 'pg_class'::regclass
                          and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')
                          and d.refobjid = to_regclass(w.owner) and a.attname = w.col),
                       (select c.oid from pg_class c
                        where c.oid = to_regclass(w.name) and c.relkind = 'S')
                   )::regclass::text
            from unnest(?::text[], ?::text[], ?::text[]) with ordinality as w (name, owner, col, n)
            """;

    private Sequences() {}

    /**
     * The sequences that go with {@code tables}: those that belong to their columns or to those of
     * their partitions, those that their defaults use, and free ones whose own name the patterns
     * select. One round trip for every 200 of them and one more.
     */
    public static List<Sequence> read(Database database, TablesConfig wanted, List<Table> tables) {
        TablePatterns patterns = new TablePatterns(wanted);
        return database.with(
                "reading the sequences",
                connection -> withStates(connection, definitions(connection, patterns, tables)));
    }

    /**
     * Sets the target's sequences to where {@code wanted} stand. A column's sequence is found by
     * the column, whatever its own name is there. Repeatable.
     *
     * @throws Fault TARGET_SQL when one is missing there, or can't hold the value
     */
    public static void set(Database target, List<Sequence> wanted) {
        target.with(
                "setting the sequences",
                connection -> {
                    List<String> names = requireAll(wanted, counterparts(connection, wanted));
                    for (int from = 0; from < wanted.size(); from += AT_ONCE) {
                        int to = Math.min(wanted.size(), from + AT_ONCE);
                        set(connection, names.subList(from, to), wanted.subList(from, to));
                    }
                    return null;
                });
    }

    /** Those of {@code wanted} that stand elsewhere on the target: empty after {@link #set}. */
    public static List<Sequence> differing(Database target, List<Sequence> wanted) {
        return target.with(
                "reading the sequences",
                connection -> {
                    List<String> names = requireAll(wanted, counterparts(connection, wanted));
                    List<State> states = states(connection, names);
                    List<Sequence> differing = new ArrayList<>();
                    for (int i = 0; i < wanted.size(); i++) {
                        Sequence sequence = wanted.get(i);
                        if (!states.get(i)
                                .equals(new State(sequence.lastValue(), sequence.called()))) {
                            differing.add(sequence);
                        }
                    }
                    return differing;
                });
    }

    /** Those of {@code wanted} that have no counterpart at the target. */
    public static List<Sequence> absent(Database target, List<Sequence> wanted) {
        return target.with(
                "looking for the sequences",
                connection -> {
                    String[] found = counterparts(connection, wanted);
                    List<Sequence> absent = new ArrayList<>();
                    for (int i = 0; i < found.length; i++) {
                        if (found[i] == null) {
                            absent.add(wanted.get(i));
                        }
                    }
                    return absent;
                });
    }

    private record State(long lastValue, boolean called) {}

    private static List<Sequence> definitions(
            Connection connection, TablePatterns patterns, List<Table> tables) throws SQLException {
        List<Sequence> sequences = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(DEFINITIONS)) {
            query.setArray(
                    1,
                    connection.createArrayOf(
                            "text", tables.stream().map(table -> table.id().schema()).toArray()));
            query.setArray(
                    2,
                    connection.createArrayOf(
                            "text", tables.stream().map(table -> table.id().name()).toArray()));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    Sequence sequence = sequence(row);
                    boolean needed = row.getBoolean(14);
                    boolean free = sequence.owner().isEmpty();
                    if (needed || (free && patterns.fits(sequence.id()))) {
                        sequences.add(sequence);
                    }
                }
            }
        }
        return sequences;
    }

    private static Sequence sequence(ResultSet row) throws SQLException {
        Optional<Sequence.Owner> owner =
                row.getString(10) == null
                        ? Optional.empty()
                        : Optional.of(
                                new Sequence.Owner(
                                        new TableId(row.getString(10), row.getString(11)),
                                        row.getString(12),
                                        row.getBoolean(13)));
        return new Sequence(
                new TableId(row.getString(1), row.getString(2)),
                owner,
                row.getString(3),
                row.getLong(4),
                row.getLong(5),
                row.getLong(6),
                row.getLong(7),
                row.getBoolean(8),
                row.getLong(9),
                row.getLong(4),
                false);
    }

    private static List<Sequence> withStates(Connection connection, List<Sequence> sequences)
            throws SQLException {
        List<State> states =
                states(connection, sequences.stream().map(s -> Sql.quote(s.id())).toList());
        List<Sequence> complete = new ArrayList<>(sequences.size());
        for (int i = 0; i < sequences.size(); i++) {
            complete.add(sequences.get(i).at(states.get(i).lastValue(), states.get(i).called()));
        }
        return complete;
    }

    /** In the order of {@code names}, which are quoted. */
    private static List<State> states(Connection connection, List<String> names)
            throws SQLException {
        Map<Integer, State> states = new HashMap<>();
        for (int from = 0; from < names.size(); from += AT_ONCE) {
            StringBuilder sql = new StringBuilder();
            for (int i = from; i < Math.min(names.size(), from + AT_ONCE); i++) {
                sql.append(sql.isEmpty() ? "" : " union all ")
                        .append("select ")
                        .append(i)
                        .append(", last_value, is_called from ")
                        .append(names.get(i));
            }
            try (PreparedStatement query = connection.prepareStatement(sql.toString());
                    ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    states.put(row.getInt(1), new State(row.getLong(2), row.getBoolean(3)));
                }
            }
        }
        List<State> ordered = new ArrayList<>(names.size());
        for (int i = 0; i < names.size(); i++) {
            ordered.add(states.get(i));
        }
        return ordered;
    }

    /** Names in SQL, in the order of {@code wanted}; NULL where there is none. */
    private static String[] counterparts(Connection connection, List<Sequence> wanted)
            throws SQLException {
        String[] found = new String[wanted.size()];
        try (PreparedStatement query = connection.prepareStatement(COUNTERPARTS)) {
            query.setArray(1, texts(connection, wanted, s -> Sql.quote(s.id())));
            query.setArray(
                    2,
                    texts(
                            connection,
                            wanted,
                            s -> s.owner().map(o -> Sql.quote(o.table())).orElse(null)));
            query.setArray(
                    3, texts(connection, wanted, s -> s.owner().map(o -> o.column()).orElse(null)));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    found[row.getInt(1) - 1] = row.getString(2);
                }
            }
        }
        return found;
    }

    private static List<String> requireAll(List<Sequence> wanted, String[] found) {
        List<TableId> missing = new ArrayList<>();
        for (int i = 0; i < found.length; i++) {
            if (found[i] == null) {
                missing.add(wanted.get(i).id());
            }
        }
        if (!missing.isEmpty()) {
            throw Fault.of(
                            FaultCode.TARGET_SQL,
                            "the target lacks these sequences: "
                                    + missing.stream()
                                            .map(TableId::toString)
                                            .collect(Collectors.joining(", ")))
                    .hint("create them there (pg_dump --schema-only), or set schema.mode: create");
        }
        return List.of(found);
    }

    private static void set(Connection connection, List<String> names, List<Sequence> wanted)
            throws SQLException {
        try (PreparedStatement set =
                connection.prepareStatement(
                        "select setval(s::regclass, v, c)"
                                + " from unnest(?::text[], ?::int8[], ?::bool[]) as w (s, v, c)")) {
            set.setArray(1, connection.createArrayOf("text", names.toArray()));
            set.setArray(
                    2,
                    connection.createArrayOf(
                            "int8", wanted.stream().map(Sequence::lastValue).toArray()));
            set.setArray(
                    3,
                    connection.createArrayOf(
                            "bool", wanted.stream().map(Sequence::called).toArray()));
            set.execute();
        }
    }

    private static java.sql.Array texts(
            Connection connection,
            List<Sequence> sequences,
            java.util.function.Function<Sequence, String> text)
            throws SQLException {
        return connection.createArrayOf("text", sequences.stream().map(text).toArray());
    }
}
