package io.landbridge.schema.mysql;

import io.landbridge.schema.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What computes generated columns at the target after the switch: a trigger, which the applier's
 * writes don't fire, so that until then they hold MySQL's own values. A column of PostgreSQL's
 * could not do both.
 */
final class GeneratedDdl {

    private GeneratedDdl() {}

    /**
     * The trigger's statements, each ending in a semicolon; empty when there is none to compute.
     */
    static Optional<String> body(MappedTable table) {
        List<String> statements = new ArrayList<>();
        for (MappedColumn column : table.columns()) {
            computed(table, column)
                    .ifPresent(
                            sql ->
                                    statements.add(
                                            "NEW."
                                                    + Sql.quote(column.name())
                                                    + " := (SELECT "
                                                    + sql
                                                    + " FROM (SELECT NEW.*) AS row_of_new);"));
        }
        return statements.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", statements));
    }

    /**
     * The column's expression in PostgreSQL's words; empty for an ordinary one, or no sure words.
     */
    static Optional<String> computed(MappedTable table, MappedColumn column) {
        return column.source().isGenerated()
                ? ExpressionTranslator.of(table, column.source().expression())
                        .flatMap(translation -> fitted(column, translation))
                : Optional.empty();
    }

    private static Optional<String> fitted(MappedColumn column, Translation translation) {
        String sql = translation.sql();
        return switch (column.form()) {
            case BOOLEAN ->
                    switch (translation.kind()) {
                        case CONDITION -> Optional.of(sql);
                        case NUMBER -> Optional.of(sql + " <> 0");
                        default -> Optional.empty();
                    };
            case INTEGER, NUMERIC ->
                    switch (translation.kind()) {
                        case CONDITION -> Optional.of(sql + "::integer");
                        case NUMBER -> Optional.of(sql);
                        default -> Optional.empty();
                    };
            case DOUBLE -> translation.isNumeric() ? Optional.of(sql) : Optional.empty();
            case TEXT -> given(translation, Translation.Kind.TEXT);
            case DATE, DATETIME -> given(translation, Translation.Kind.TIME);
            case JSON -> given(translation, Translation.Kind.JSON);
            default -> Optional.empty();
        };
    }

    private static Optional<String> given(Translation translation, Translation.Kind kind) {
        return translation.is(kind) ? Optional.of(translation.sql()) : Optional.empty();
    }
}
