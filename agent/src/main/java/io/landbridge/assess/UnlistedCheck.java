package io.landbridge.assess;

import io.landbridge.change.TableId;
import io.landbridge.schema.Sql;
import io.landbridge.schema.TablePatterns;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Selected things that hold rows and don't move, and partitions that can't be left out. */
final class UnlistedCheck implements Check {

    private static final String RELATIONS =
            """
            select n.nspname, c.relname, c.relkind = 'f', c.relpersistence = 'u',
                   (select string_agg(quote_ident(pn.nspname) || '.' || quote_ident(p.relname), ', ')
                    from pg_inherits i
                    join pg_class p on p.oid = i.inhparent
                    join pg_namespace pn on pn.oid = p.relnamespace
                    where i.inhrelid = c.oid and c.relispartition),
                   (select rn.nspname from pg_class r join pg_namespace rn on rn.oid = r.relnamespace
                    where r.oid = pg_partition_root(c.oid)),
                   (select r.relname from pg_class r where r.oid = pg_partition_root(c.oid))
            from pg_class c
            join pg_namespace n on n.oid = c.relnamespace
            where n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'landbridge')
              and ((c.relkind in ('r', 'p', 'f') and c.relispartition)
                   or c.relkind = 'f' or (c.relkind = 'r' and c.relpersistence = 'u'))
            order by 1, 2
            """;

    @Override
    public void run(Subject subject, Findings findings) throws SQLException {
        TablePatterns patterns = new TablePatterns(subject.configuration().tables());
        Set<TableId> moving = Set.copyOf(subject.ids());
        List<String> foreign = new ArrayList<>();
        for (Inquiry.Row row : subject.source().rows(RELATIONS)) {
            TableId id = new TableId(row.text(1), row.text(2));
            boolean below =
                    row.text(6) != null
                            && moving.contains(new TableId(row.text(6), row.text(7)))
                            && !moving.contains(id);
            if (row.flag(3) && below) {
                findings.blocker(
                        FindingCode.FOREIGN_TABLE,
                        id.toString(),
                        "it is a partition of "
                                + row.text(5)
                                + " whose rows live elsewhere: the"
                                + " log does not carry them",
                        "ALTER TABLE " + row.text(5) + " DETACH PARTITION " + Sql.quote(id));
            } else if (row.flag(3) && patterns.fits(id)) {
                foreign.add(id.toString());
            } else if (row.flag(4) && (below || patterns.fits(id))) {
                findings.blocker(
                        FindingCode.UNLOGGED,
                        id.toString(),
                        "the log says nothing of an unlogged table's rows: it would not be moved",
                        "ALTER TABLE "
                                + Sql.quote(id)
                                + " SET LOGGED, or add it to tables.exclude and fill it at the"
                                + " target yourself");
            } else if (below && patterns.isExcluded(id)) {
                findings.blocker(
                        FindingCode.PARTITION_EXCLUDED,
                        id.toString(),
                        "it is a partition of " + row.text(5) + ", which moves whole",
                        "take it off tables.exclude, or detach it: ALTER TABLE "
                                + row.text(5)
                                + " DETACH PARTITION "
                                + Sql.quote(id));
            }
        }
        if (!foreign.isEmpty()) {
            findings.warning(
                    FindingCode.FOREIGN_TABLE,
                    Findings.list(foreign),
                    "foreign tables hold no rows of this database: they are not moved",
                    "create their servers and them at the target yourself");
        }
        largeObjects(subject, findings);
    }

    private static void largeObjects(Subject subject, Findings findings) throws SQLException {
        long count =
                subject.source()
                        .number(
                                "select count(*) from (select 1 from pg_largeobject_metadata"
                                        + " limit 1000000) as l");
        if (count > 0) {
            findings.warning(
                    FindingCode.LARGE_OBJECTS,
                    count + (count == 1 ? " large object" : " large objects"),
                    "the log does not carry large objects: they are not moved, and columns that"
                            + " name them (oid, lo) point to nothing at the target",
                    "move their contents into bytea columns first; or, if nothing writes them:"
                            + " pg_dump --large-objects --data-only at cutover. Unused ones:"
                            + " vacuumlo");
        }
    }
}
