package io.landbridge.assess;

import io.landbridge.schema.mysql.MappedColumn;
import io.landbridge.schema.mysql.MappedTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Names that applications will have to spell differently. Names that collide fail before. */
final class MysqlNameCheck implements MysqlCheck {

    private final Set<String> reserved;

    /**
     * A check.
     *
     * @param reserved words that the target's SQL keeps for itself
     */
    MysqlNameCheck(Set<String> reserved) {
        this.reserved = Set.copyOf(reserved);
    }

    @Override
    public void run(MysqlSubject subject, Findings findings) {
        List<String> upper = new ArrayList<>();
        List<String> words = new ArrayList<>();
        for (MappedTable table : subject.mapped()) {
            boolean renamed = subject.configuration().schema().mapping().lowerCase();
            cut(
                    table.sourceId().name(),
                    table.targetId().name(),
                    table.sourceId().toString(),
                    renamed,
                    findings);
            if (reserved.contains(table.targetId().name())) {
                words.add(table.targetId().toString());
            }
            if (hasUpper(table.targetId().name())) {
                upper.add(table.targetId().toString());
            }
            for (MappedColumn column : table.columns()) {
                String place = table.sourceId() + "." + column.source().name();
                cut(column.source().name(), column.name(), place, renamed, findings);
                if (reserved.contains(column.name())) {
                    words.add(place);
                }
                if (hasUpper(column.name())) {
                    upper.add(place);
                }
            }
        }
        reserved(words, findings);
        if (!upper.isEmpty()) {
            findings.warning(
                    FindingCode.MYSQL_NAME,
                    Findings.list(upper),
                    "PostgreSQL reads a name without double quotes as lower-case, so that queries"
                            + " must quote these",
                    "set schema.mapping.lower-case: true, unless the application quotes names");
        }
    }

    private static void reserved(List<String> words, Findings findings) {
        if (!words.isEmpty()) {
            findings.note(
                    FindingCode.MYSQL_NAME,
                    Findings.list(words),
                    "these are words of PostgreSQL's own, so that queries must have them in double"
                            + " quotes",
                    "");
        }
    }

    private static void cut(
            String source, String target, String place, boolean renamed, Findings findings) {
        String expected = renamed ? source.toLowerCase(Locale.ROOT) : source;
        if (!target.equals(expected) && expected.startsWith(target.substring(0, 1))) {
            findings.note(
                    FindingCode.MYSQL_NAME,
                    place,
                    "it becomes " + target,
                    expected.length() > 50
                            ? "PostgreSQL's names have 63 bytes at most; rename it under"
                                    + " schema.mapping.tables if it is a table"
                            : "");
        }
    }

    private static boolean hasUpper(String name) {
        return !name.equals(name.toLowerCase(Locale.ROOT));
    }
}
