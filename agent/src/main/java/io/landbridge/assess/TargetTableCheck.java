package io.landbridge.assess;

import io.landbridge.change.TableId;
import io.landbridge.schema.PostgresCatalogue;
import io.landbridge.schema.Sql;
import io.landbridge.schema.Table;
import io.landbridge.schema.TableComparison;
import io.landbridge.schema.TableComparison.Difference;
import io.landbridge.schema.TargetKeys;
import io.landbridge.schema.TargetSchema;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Tables that stand at the target already. */
final class TargetTableCheck implements Check {

    private static final int AT_ONCE = 200;

    private static final String ALWAYS =
            """
            select quote_ident(n.nspname) || '.' || quote_ident(c.relname), quote_ident(g.tgname)
            from unnest(?::text[], ?::text[]) as w (s, t)
            join pg_namespace n on n.nspname = w.s
            join pg_class c on c.relnamespace = n.oid and c.relname = w.t
            join pg_trigger g on g.tgrelid = c.oid and not g.tgisinternal
                and g.tgenabled in ('A', 'R') and g.tgname !~ '^landbridge_'
            order by 1, 2
            """;

    private static final String SILENT =
            """
            select distinct quote_ident(n.nspname) || '.' || quote_ident(c.relname)
            from unnest(?::text[], ?::text[]) as w (s, t)
            join pg_namespace n on n.nspname = w.s
            join pg_class c on c.relnamespace = n.oid and c.relname = w.t
            join pg_trigger g on g.tgrelid = c.oid and not g.tgisinternal and g.tgenabled = 'O'
            order by 1
            """;

    private static final String NEEDED =
            """
            select quote_ident(n.nspname) || '.' || quote_ident(c.relname), a.attname, n.nspname,
                   c.relname
            from unnest(?::text[], ?::text[]) as w (s, t)
            join pg_namespace n on n.nspname = w.s
            join pg_class c on c.relnamespace = n.oid and c.relname = w.t
            join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                and a.attnotnull and not a.atthasdef and a.attidentity = ''
            """;

    @Override
    public void run(Subject subject, Findings findings) throws SQLException {
        Map<TableId, Table> there =
                PostgresCatalogue.read(subject.targetDatabase(), subject.ids()).stream()
                        .collect(Collectors.toMap(Table::id, Function.identity()));
        Set<TableId> ours =
                TargetSchema.created(
                        subject.targetDatabase(), subject.configuration().migration().name());
        there.keySet().removeAll(ours);
        absent(subject, there.keySet(), ours, findings);
        List<Table> present =
                subject.tables().stream().filter(table -> there.containsKey(table.id())).toList();
        if (present.isEmpty()) {
            return;
        }
        differences(subject, present, there, findings);
        keys(subject, present, findings);
        rows(subject, present, findings);
        triggers(subject, present, findings);
        uniqueStays(subject, present, there, findings);
    }

    private static void absent(
            Subject subject, Set<TableId> there, Set<TableId> ours, Findings findings) {
        if (subject.creates()) {
            return;
        }
        List<String> absent =
                subject.ids().stream()
                        .filter(id -> !there.contains(id) && !ours.contains(id))
                        .map(TableId::toString)
                        .toList();
        if (!absent.isEmpty()) {
            findings.blocker(
                    FindingCode.TARGET_TABLE_ABSENT,
                    Findings.list(absent),
                    "the target lacks them, and the configuration says that they exist",
                    "create them there, or set schema.mode: create");
        }
    }

    private static void differences(
            Subject subject, List<Table> present, Map<TableId, Table> there, Findings findings)
            throws SQLException {
        for (Table table : present) {
            for (Difference difference : TableComparison.of(table, there.get(table.id()))) {
                findings.add(
                        difference.blocking() ? Severity.BLOCKER : Severity.NOTE,
                        FindingCode.TARGET_TABLE_DIFFERS,
                        table.id() + ": " + difference.what(),
                        difference.blocking()
                                ? "rows could not be carried over as they are"
                                : "it gets its default",
                        difference.blocking() ? "alter the target's table" : "");
            }
        }
        Map<TableId, Table> sources =
                present.stream().collect(Collectors.toMap(Table::id, Function.identity()));
        for (Inquiry.Row row : subject.target().rows(NEEDED, schemas(present), names(present))) {
            Table source = sources.get(new TableId(row.text(3), row.text(4)));
            if (source.columns().stream().noneMatch(c -> c.name().equals(row.text(2)))) {
                findings.blocker(
                        FindingCode.TARGET_TABLE_DIFFERS,
                        row.text(1) + "." + Sql.quote(row.text(2)),
                        "it exists only at the target, is NOT NULL and has no default: no row can"
                                + " be inserted",
                        "give it a default, or ALTER TABLE "
                                + row.text(1)
                                + " ALTER COLUMN "
                                + Sql.quote(row.text(2))
                                + " DROP NOT NULL");
            }
        }
    }

    private static void keys(Subject subject, List<Table> present, Findings findings) {
        TargetKeys keys = TargetKeys.read(subject.targetDatabase());
        for (Table table : present) {
            if (table.hasKey() && !keys.has(table.id(), table.key())) {
                findings.blocker(
                        FindingCode.TARGET_KEY_MISSING,
                        table.id().toString(),
                        "the target has no unique index over the columns that tell rows apart, "
                                + Sql.quoteAll(table.key()),
                        "ALTER TABLE "
                                + Sql.quote(table.id())
                                + " ADD UNIQUE ("
                                + Sql.quoteAll(table.key())
                                + ")");
            }
        }
    }

    private static void rows(Subject subject, List<Table> present, Findings findings)
            throws SQLException {
        List<String> filled = new ArrayList<>();
        List<String> empty = new ArrayList<>();
        for (int from = 0; from < present.size(); from += AT_ONCE) {
            List<Table> some = present.subList(from, Math.min(present.size(), from + AT_ONCE));
            String query =
                    some.stream()
                            .map(
                                    table ->
                                            "select exists (select 1 from "
                                                    + Sql.quote(table.id())
                                                    + ")")
                            .collect(Collectors.joining(" union all "));
            List<Inquiry.Row> answers = subject.target().rows(query);
            for (int i = 0; i < some.size(); i++) {
                boolean hasRows = answers.get(i).flag(1);
                if (hasRows) {
                    filled.add(some.get(i).id().toString());
                } else if (some.get(i).estimatedRows() > 0) {
                    empty.add(some.get(i).id().toString());
                }
            }
        }
        if (subject.loads() && !filled.isEmpty()) {
            filled(subject, filled, findings);
        }
        if (!subject.loads() && !empty.isEmpty()) {
            findings.warning(
                    FindingCode.TARGET_EMPTY,
                    Findings.list(empty),
                    "cdc-only takes both sides to be equal, and these are empty at the target only",
                    "choose strategy full-load-cdc");
        }
    }

    private static void filled(Subject subject, List<String> filled, Findings findings) {
        if (subject.configuration().replacesRows()) {
            findings.note(
                    FindingCode.TARGET_NOT_EMPTY,
                    Findings.list(filled),
                    "the rows they hold are saved, and removed before the load; a rollback brings"
                            + " them back",
                    "");
            return;
        }
        findings.blocker(
                FindingCode.TARGET_NOT_EMPTY,
                Findings.list(filled),
                "they hold rows already, which the load would mix with the source's",
                "TRUNCATE them, or set rollback.target-snapshot and load.replace-rows, or choose"
                        + " strategy cdc-only when they are equal to the source's already");
    }

    private static void triggers(Subject subject, List<Table> present, Findings findings)
            throws SQLException {
        for (Inquiry.Row row : subject.target().rows(ALWAYS, schemas(present), names(present))) {
            findings.blocker(
                    FindingCode.TARGET_TRIGGER,
                    row.text(2) + " on " + row.text(1),
                    "it fires for replicated rows too, and would act a second time on what the"
                            + " source's has acted on already",
                    "ALTER TABLE "
                            + row.text(1)
                            + " ENABLE TRIGGER "
                            + row.text(2)
                            + " until after cutover");
        }
        List<String> silent = subject.target().texts(SILENT, schemas(present), names(present));
        if (!silent.isEmpty()) {
            findings.note(
                    FindingCode.TARGET_TRIGGER,
                    Findings.list(silent),
                    "their triggers do not fire for replicated rows; what they do to other tables"
                            + " comes from the source's own",
                    "");
        }
    }

    private static void uniqueStays(
            Subject subject, List<Table> present, Map<TableId, Table> there, Findings findings) {
        if (!subject.loads() || subject.configuration().schema().rebuildIndexes()) {
            return;
        }
        List<String> unique =
                present.stream()
                        .filter(table -> there.get(table.id()).unique())
                        .map(table -> table.id().toString())
                        .toList();
        if (!unique.isEmpty()) {
            findings.note(
                    FindingCode.TARGET_UNIQUE_STAYS,
                    Findings.list(unique),
                    "unique indexes beside the key stay during the load and would refuse rows of"
                            + " different moments: each of these tables is copied whole under one"
                            + " snapshot, by one worker, and from its start again after a stop",
                    "with schema.rebuild-indexes: true they are copied in parts");
        }
    }

    private static List<String> schemas(List<Table> tables) {
        return tables.stream().map(table -> table.id().schema()).toList();
    }

    private static List<String> names(List<Table> tables) {
        return tables.stream().map(table -> table.id().name()).toList();
    }
}
