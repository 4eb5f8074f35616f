package io.landbridge.schema.mysql.digest;

import io.landbridge.change.TableId;
import io.landbridge.schema.digest.RowText;
import io.landbridge.schema.mysql.MappedColumn;
import io.landbridge.schema.mysql.MappedTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The text of a row that MySQL and PostgreSQL make alike: a word for each column, with commas
 * between them. A word is empty for NULL; else the value's proof, before which its number of
 * characters and a colon stand where it may hold a comma.
 *
 * <p>As a {@link RowText} it is PostgreSQL's half, for the target's names of the tables.
 */
public final class RowWords implements RowText {

    /** PostgreSQL takes 100 arguments at most. */
    private static final int MOST_ARGUMENTS = 90;

    private final Map<TableId, MappedTable> tables;

    public RowWords(Collection<MappedTable> tables) {
        this.tables =
                tables.stream()
                        .collect(Collectors.toMap(MappedTable::targetId, Function.identity()));
    }

    @Override
    public String row(TableId table, List<String> columns) {
        MappedTable mapped = tables.get(table);
        List<String> pieces = new ArrayList<>();
        for (String column : columns) {
            pieces.add(target(mapped.column(column)));
            pieces.add("','");
        }
        pieces.remove(pieces.size() - 1);
        return concatenated(pieces);
    }

    /** PostgreSQL's function takes NULL for an empty text. */
    private static String concatenated(List<String> pieces) {
        List<String> groups = pieces;
        do {
            List<String> larger = new ArrayList<>();
            for (int from = 0; from < groups.size(); from += MOST_ARGUMENTS) {
                larger.add(
                        "concat("
                                + String.join(
                                        ", ",
                                        groups.subList(
                                                from,
                                                Math.min(groups.size(), from + MOST_ARGUMENTS)))
                                + ")");
            }
            groups = larger;
        } while (groups.size() > 1);
        return groups.get(0);
    }

    private static String target(MappedColumn column) {
        String proof = column.targetProof("t");
        return column.hasFreeProof() ? "char_length(" + proof + ") || ':' || " + proof : proof;
    }

    @Override
    public String value(TableId table, String column) {
        return tables.get(table).column(column).targetSql("t");
    }

    @Override
    public boolean isOrderedAlike(TableId table, String column) {
        return KeySql.isOrderedAlike(tables.get(table).column(column));
    }

    /** MySQL's half: an expression over {@code t} for the text of a row of these columns. */
    static String source(MappedTable table, List<String> columns) {
        return columns.stream()
                .map(column -> word(table.column(column)))
                .collect(Collectors.joining(", ',', ", "CONCAT(", ")"));
    }

    /** An expression of MySQL over {@code t} for a column's word; never NULL. */
    static String word(MappedColumn column) {
        String proof = column.sourceProof("t");
        String word =
                column.hasFreeProof()
                        ? "CONCAT(CHAR_LENGTH(" + proof + "), ':', " + proof + ")"
                        : proof;
        return "COALESCE(" + word + ", '')";
    }

    /**
     * The condition under which MySQL can't give a row's words, since PostgreSQL spells a number in
     * a JSON anew: one with an exponent, which it writes out, or a negative zero. Now and then it
     * is also true for others. Empty when that can't be.
     */
    static Optional<String> beyond(MappedTable table, List<String> columns) {
        List<String> terms =
                columns.stream()
                        .map(table::column)
                        .filter(MappedColumn::isRespelled)
                        .map(column -> column.sourceSql("t"))
                        .map(
                                json ->
                                        "COALESCE(REGEXP_LIKE(%1$s, '[0-9]e[-0-9]') OR %1$s LIKE"
                                                        .formatted(json)
                                                + " '%-0.0%', FALSE)")
                        .toList();
        return terms.isEmpty() ? Optional.empty() : Optional.of(String.join(" OR ", terms));
    }
}
