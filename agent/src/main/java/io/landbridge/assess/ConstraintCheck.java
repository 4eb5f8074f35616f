package io.landbridge.assess;

import java.sql.SQLException;
import java.util.List;

/** Constraints that make rows depend on each other. */
final class ConstraintCheck implements Check {

    private static final String CONSTRAINTS =
            """
            select quote_ident(n.nspname) || '.' || quote_ident(c.relname) || ' '
                   || quote_ident(k.conname)
            from unnest(?::text[], ?::text[]) as w (s, t)
            join pg_namespace n on n.nspname = w.s
            join pg_class c on c.relnamespace = n.oid and c.relname = w.t
            join pg_constraint k on k.conrelid = c.oid and k.conparentid = 0 and\s
            """;

    @Override
    public void run(Subject subject, Findings findings) throws SQLException {
        List<String> deferrable =
                subject.source()
                        .texts(
                                CONSTRAINTS
                                        + "k.condeferrable and k.contype in ('p', 'u') order by 1",
                                subject.schemas(),
                                subject.names());
        if (!deferrable.isEmpty()) {
            findings.note(
                    FindingCode.DEFERRABLE,
                    Findings.list(deferrable),
                    "a deferrable key may hold duplicates within a transaction: it can't tell rows"
                            + " apart, and such transactions are applied in the source's order, one"
                            + " connection at a time",
                    "");
        }
        List<String> exclusion =
                subject.source()
                        .texts(
                                CONSTRAINTS + "k.contype = 'x' order by 1",
                                subject.schemas(),
                                subject.names());
        if (!exclusion.isEmpty()) {
            findings.note(
                    FindingCode.EXCLUSION,
                    Findings.list(exclusion),
                    "made after the load; rows that give way to each other are applied in the"
                            + " source's order",
                    "");
        }
    }
}
