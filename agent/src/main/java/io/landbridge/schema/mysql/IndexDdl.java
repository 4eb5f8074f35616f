package io.landbridge.schema.mysql;

import io.landbridge.change.TableId;
import io.landbridge.schema.DdlKind;
import io.landbridge.schema.Sql;
import io.landbridge.schema.TargetStatement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Keys and indexes of one table. Names gain the table's, since PostgreSQL's are a schema's. */
final class IndexDdl {

    private final MappedTable table;
    private final List<TargetStatement> statements = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final Set<String> taken = new HashSet<>();
    private boolean keyMade;

    IndexDdl(MappedTable table) {
        this.table = table;
        List<MysqlIndex> indexes = table.source().indexes();
        indexes.stream().filter(MysqlIndex::isPrimary).forEach(this::primary);
        indexes.stream().filter(index -> !index.isPrimary()).forEach(this::index);
    }

    List<TargetStatement> statements() {
        return statements;
    }

    /** Sentences on what is left out and why. */
    List<String> notes() {
        return notes;
    }

    private void primary(MysqlIndex index) {
        keyMade = true;
        String name = name("pkey");
        add(
                DdlKind.UNIQUE,
                true,
                name,
                "ALTER TABLE "
                        + Sql.quote(table.targetId())
                        + " ADD CONSTRAINT "
                        + name
                        + " PRIMARY KEY ("
                        + index.columns().stream()
                                .map(column -> Sql.quote(table.ofSource(column).name()))
                                .collect(Collectors.joining(", "))
                        + ")");
    }

    private void index(MysqlIndex index) {
        String what = "index " + index.name() + " of " + table.sourceId();
        if (!index.parts().stream().allMatch(this::isKnown)) {
            notes.add(
                    what
                            + ": it is over an expression; write it for PostgreSQL: "
                            + index.parts().stream()
                                    .flatMap(part -> part.expression().stream())
                                    .collect(Collectors.joining(", ")));
            return;
        }
        switch (index.kind()) {
            case "FULLTEXT" -> fullText(index, what);
            case "SPATIAL" -> notes.add(what + ": spatial indexes need PostGIS");
            default -> btree(index, what);
        }
    }

    private void btree(MysqlIndex index, String what) {
        boolean unordered =
                index.parts().stream()
                        .filter(part -> part.column().isPresent())
                        .anyMatch(part -> !isOrdered(column(part)));
        if (unordered) {
            notes.add(what + ": PostgreSQL has no order for a column's type");
            return;
        }
        boolean early =
                !keyMade
                        && index.isOverWholeColumns()
                        && index.columns().equals(table.source().key());
        keyMade |= early;
        String name = name(index.name() + "_idx");
        add(
                index.unique() ? DdlKind.UNIQUE : DdlKind.INDEX,
                early,
                name,
                "CREATE "
                        + (index.unique() ? "UNIQUE " : "")
                        + "INDEX "
                        + name
                        + " ON "
                        + Sql.quote(table.targetId())
                        + " ("
                        + index.parts().stream().map(this::part).collect(Collectors.joining(", "))
                        + ")");
    }

    private boolean isKnown(MysqlIndex.Part part) {
        return part.expression().isEmpty() || translated(part).isPresent();
    }

    private Optional<String> translated(MysqlIndex.Part part) {
        return part.expression()
                .flatMap(expression -> ExpressionTranslator.of(table, expression))
                .filter(translation -> !translation.is(Translation.Kind.JSON))
                .map(Translation::sql);
    }

    /** MySQL sorts NULL first, PostgreSQL last unless told so. */
    private String part(MysqlIndex.Part part) {
        if (part.expression().isPresent()) {
            return "("
                    + translated(part).orElseThrow()
                    + (part.descending() ? ") DESC NULLS LAST" : ") NULLS FIRST");
        }
        MappedColumn column = column(part);
        String name = Sql.quote(column.name());
        String indexed =
                part.prefix()
                        .map(
                                length ->
                                        column.form() == Form.BYTES
                                                ? "(substring(" + name + " for " + length + "))"
                                                : "(\"left\"(" + name + "::text, " + length + "))")
                        .orElse(name);
        String order =
                column.nullable()
                        ? part.descending() ? " DESC NULLS LAST" : " NULLS FIRST"
                        : part.descending() ? " DESC" : "";
        return indexed + order;
    }

    private void fullText(MysqlIndex index, String what) {
        String name = name(index.name() + "_idx");
        String words =
                index.parts().stream()
                        .map(part -> "coalesce(" + Sql.quote(column(part).name()) + "::text, '')")
                        .collect(Collectors.joining(" || ' ' || "));
        add(
                DdlKind.INDEX,
                false,
                name,
                "CREATE INDEX "
                        + name
                        + " ON "
                        + Sql.quote(table.targetId())
                        + " USING gin (to_tsvector('simple'::regconfig, "
                        + words
                        + "))");
        notes.add(
                what
                        + ": made as a GIN index over to_tsvector('simple', ...); MATCH ... AGAINST"
                        + " becomes to_tsvector(...) @@ to_tsquery(...)");
    }

    private static boolean isOrdered(MappedColumn column) {
        return !column.type().equals("json");
    }

    private MappedColumn column(MysqlIndex.Part part) {
        return table.ofSource(part.column().orElseThrow());
    }

    private String name(String suffix) {
        String name = TargetNames.fitted(table.targetId().name() + '_' + suffix);
        while (!taken.add(name)) {
            name = TargetNames.fitted(name + "_2");
        }
        return Sql.quote(name);
    }

    private void add(DdlKind kind, boolean early, String name, String sql) {
        TableId id = table.targetId();
        statements.add(
                new TargetStatement(
                        kind, early, Sql.quote(id.schema()) + '.' + name, Optional.of(id), sql));
    }
}
