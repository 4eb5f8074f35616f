package io.landbridge.assess;

import io.landbridge.change.TableId;
import io.landbridge.schema.Column;
import io.landbridge.schema.Sql;
import io.landbridge.schema.Table;
import io.landbridge.schema.Table.ReplicaIdentity;
import io.landbridge.schema.TablePatterns;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The chosen tables: keys, what the log says of old rows, and how they are built. */
final class TableCheck implements Check {

    private static final String SURPRISES =
            """
            select quote_ident(n.nspname) || '.' || quote_ident(c.relname), c.relispartition
            from unnest(?::text[], ?::text[]) as w (s, t)
            join pg_namespace n on n.nspname = w.s
            join pg_class c on c.relnamespace = n.oid and c.relname = w.t
            where not c.relispartition
              and exists (select 1 from pg_inherits i where c.oid in (i.inhrelid, i.inhparent))
              and c.relkind = 'r'
            order by 1
            """;

    /** Tables, with their partitions, that have seen an update or a delete. */
    private static final String CHANGED =
            """
            select w.s, w.t
            from unnest(?::text[], ?::text[]) as w (s, t)
            join pg_namespace n on n.nspname = w.s
            join pg_class c on c.relnamespace = n.oid and c.relname = w.t
            where exists (select 1 from pg_stat_all_tables s
                          where (s.relid = c.oid
                                 or s.relid in (select p.relid from pg_partition_tree(c.oid) p))
                            and s.n_tup_upd + s.n_tup_del > 0)
            """;

    @Override
    public void run(Subject subject, Findings findings) throws SQLException {
        TablePatterns patterns = new TablePatterns(subject.configuration().tables());
        if (subject.tables().isEmpty()) {
            findings.blocker(
                    FindingCode.NO_TABLES,
                    String.join(", ", subject.configuration().tables().include()),
                    "no table of the source is selected",
                    "correct tables.include; names are compared with their case, as stored");
        }
        for (String pattern : patterns.idle(subject.ids())) {
            boolean exact = pattern.indexOf('*') < 0 && pattern.indexOf('?') < 0;
            findings.add(
                    exact ? Severity.BLOCKER : Severity.WARNING,
                    FindingCode.PATTERN_IDLE,
                    pattern,
                    "no table that can move has such a name",
                    "correct tables.include; names are compared with their case, as stored");
        }
        if (subject.streams()) {
            identities(subject, findings);
        }
        note(
                subject,
                findings,
                FindingCode.NO_KEY,
                table -> !table.hasKey(),
                "without a key each is copied whole, in one transaction, and an update or delete"
                        + " looks for a row that is equal in every column",
                "add a primary key where the table is large or often updated");
        note(
                subject,
                findings,
                FindingCode.PARTITIONED,
                Table::partitioned,
                "they are copied and followed under the root's name; the target may be partitioned"
                        + " otherwise",
                "");
        note(
                subject,
                findings,
                FindingCode.GENERATED_COLUMN,
                table -> table.columns().stream().anyMatch(Column::generated),
                "the log does not carry generated columns: the target computes them itself",
                "");
        note(
                subject,
                findings,
                FindingCode.IDENTITY_COLUMN,
                table ->
                        table.columns().stream()
                                .anyMatch(column -> column.identity() != Column.Identity.NONE),
                "rows keep their values; where the sequences stand is carried over at cutover",
                "");
        List<String> inheriting =
                subject.source().texts(SURPRISES, subject.schemas(), subject.names());
        if (!inheriting.isEmpty()) {
            findings.note(
                    FindingCode.INHERITANCE,
                    Findings.list(inheriting),
                    "each table moves with its own rows only; a parent's children move when they"
                            + " are selected themselves",
                    "");
        }
    }

    private static void identities(Subject subject, Findings findings) throws SQLException {
        List<Table> silent =
                subject.tables().stream()
                        .filter(table -> table.replicaIdentity() == ReplicaIdentity.NOTHING)
                        .toList();
        if (subject.configuration().schema().setReplicaIdentity()) {
            note(
                    subject,
                    findings,
                    FindingCode.REPLICA_IDENTITY,
                    silent::contains,
                    "they will be set to REPLICA IDENTITY FULL at the source before they are"
                            + " published, so that the log says which row an update or delete"
                            + " meant; a rollback gives back what they had",
                    "");
            return;
        }
        Set<TableId> changed = changed(subject, silent);
        for (Table table : silent) {
            String refused =
                    "the log would not say which row an update or delete meant: as soon as the"
                            + " table is published, the source refuses them, and the application"
                            + " fails";
            String whatToDo =
                    "ALTER TABLE "
                            + Sql.quote(table.id())
                            + " REPLICA IDENTITY FULL"
                            + (table.partitioned() ? " (and each of its partitions)" : "")
                            + "; or give it a primary key";
            if (changed.contains(table.id())) {
                findings.blocker(
                        FindingCode.REPLICA_IDENTITY, table.id().toString(), refused, whatToDo);
            } else {
                findings.warning(
                        FindingCode.REPLICA_IDENTITY,
                        table.id().toString(),
                        refused + "; none has been seen as far back as the statistics go",
                        "if there may be one: " + whatToDo);
            }
        }
    }

    private static Set<TableId> changed(Subject subject, List<Table> tables) throws SQLException {
        return subject
                .source()
                .rows(
                        CHANGED,
                        tables.stream().map(table -> table.id().schema()).toList(),
                        tables.stream().map(table -> table.id().name()).toList())
                .stream()
                .map(row -> new TableId(row.text(1), row.text(2)))
                .collect(Collectors.toSet());
    }

    private static void note(
            Subject subject,
            Findings findings,
            FindingCode code,
            Predicate<Table> which,
            String why,
            String whatToDo) {
        List<String> tables =
                subject.tables().stream()
                        .filter(which)
                        .map(Table::id)
                        .map(TableId::toString)
                        .toList();
        if (!tables.isEmpty()) {
            findings.note(code, Findings.list(tables), why, whatToDo);
        }
    }
}
