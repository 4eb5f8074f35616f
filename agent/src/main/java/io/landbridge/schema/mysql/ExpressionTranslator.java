package io.landbridge.schema.mysql;

import io.landbridge.schema.Sql;
import io.landbridge.schema.mysql.Translation.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Puts expressions of generated columns, CHECKs and functional indexes into PostgreSQL's words:
 * those that mean the same in both. What it doesn't know for sure it leaves alone: divisions, which
 * round otherwise; the order of texts; time zones; functions that aren't listed.
 */
final class ExpressionTranslator {

    /** Something that has no sure counterpart. */
    private static final class Unknown extends Exception {
        private Unknown() {
            super("no counterpart", null, false, false);
        }
    }

    private final MappedTable table;
    private final ExpressionTokens tokens;

    private ExpressionTranslator(MappedTable table, ExpressionTokens tokens) {
        this.table = table;
        this.tokens = tokens;
    }

    /** The expression's counterpart; empty when there is no sure one. */
    static Optional<Translation> of(MappedTable table, String expression) {
        return ExpressionTokens.of(expression)
                .flatMap(tokens -> new ExpressionTranslator(table, tokens).whole());
    }

    private Optional<Translation> whole() {
        try {
            Translation whole = disjunction();
            return tokens.isEmpty() ? Optional.of(whole) : Optional.empty();
        } catch (Unknown e) {
            return Optional.empty();
        }
    }

    private Translation disjunction() throws Unknown {
        Translation left = conjunction();
        while (tokens.take("or")) {
            left = joined(left, "OR", conjunction());
        }
        return left;
    }

    private Translation conjunction() throws Unknown {
        Translation left = negation();
        while (tokens.take("and")) {
            left = joined(left, "AND", negation());
        }
        return left;
    }

    private static Translation joined(Translation left, String word, Translation right)
            throws Unknown {
        return condition("(" + truth(left) + " " + word + " " + truth(right) + ")");
    }

    private Translation negation() throws Unknown {
        return tokens.take("not") ? condition("(NOT " + truth(negation()) + ")") : comparison();
    }

    private Translation comparison() throws Unknown {
        Translation left = sum();
        for (String sign : List.of("=", "<>", "!=", "<=", ">=", "<", ">")) {
            if (tokens.take(sign)) {
                return compared(left, sign, sum());
            }
        }
        if (tokens.take("is")) {
            boolean not = tokens.take("not");
            if (!tokens.take("null")) {
                throw new Unknown();
            }
            return condition("(" + left.sql() + (not ? " IS NOT NULL)" : " IS NULL)"));
        }
        boolean not = tokens.take("not");
        if (tokens.take("between")) {
            Translation low = compared(left, not ? "<" : ">=", sum());
            if (!tokens.take("and")) {
                throw new Unknown();
            }
            return joined(low, not ? "OR" : "AND", compared(left, not ? ">" : "<=", sum()));
        }
        if (tokens.take("in")) {
            return among(left, not);
        }
        if (tokens.take("like")) {
            Translation pattern = sum();
            String like = left.caseless() ? " ILIKE " : " LIKE ";
            return condition(
                    "("
                            + need(left, Kind.TEXT)
                            + (not ? " NOT" : "")
                            + like
                            + need(pattern, Kind.TEXT)
                            + ")");
        }
        if (not) {
            throw new Unknown();
        }
        return left;
    }

    private Translation among(Translation left, boolean not) throws Unknown {
        List<String> equals = new ArrayList<>();
        for (Translation one : arguments()) {
            equals.add(compared(left, "=", one).sql());
        }
        String any = "(" + String.join(" OR ", equals) + ")";
        return condition(not ? "(NOT " + any + ")" : any);
    }

    /** Texts are equal or not; their order is that of a collation. */
    private static Translation compared(Translation left, String sign, Translation right)
            throws Unknown {
        String same = sign.equals("!=") ? "<>" : sign;
        if (left.is(Kind.TEXT) && right.is(Kind.TEXT)) {
            if (!same.equals("=") && !same.equals("<>")) {
                throw new Unknown();
            }
            return condition(
                    "(" + left.folded(right) + " " + same + " " + right.folded(left) + ")");
        }
        boolean alike =
                (left.isNumeric() && right.isNumeric())
                        || (left.is(Kind.TIME) && (right.is(Kind.TIME) || right.is(Kind.TEXT)));
        if (!alike) {
            throw new Unknown();
        }
        return condition("(" + left.sql() + " " + same + " " + right.sql() + ")");
    }

    private Translation sum() throws Unknown {
        Translation left = product();
        while (true) {
            if (tokens.take("+")) {
                left = calculated(left, "+", product());
            } else if (tokens.take("-")) {
                left = calculated(left, "-", product());
            } else {
                return left;
            }
        }
    }

    private Translation product() throws Unknown {
        Translation left = factor();
        while (true) {
            if (tokens.take("*")) {
                left = calculated(left, "*", factor());
            } else if (tokens.take("%")) {
                left = calculated(left, "%", factor());
            } else {
                return left;
            }
        }
    }

    private static Translation calculated(Translation left, String sign, Translation right)
            throws Unknown {
        boolean known =
                left.isNumeric()
                        && right.isNumeric()
                        && (left.is(Kind.NUMBER) || !sign.equals("%"));
        if (!known) {
            throw new Unknown();
        }
        boolean exact = left.is(Kind.NUMBER) && right.is(Kind.NUMBER);
        return Translation.of(
                exact
                        ? "(" + left.wide() + " " + sign + " " + right.wide() + ")"
                        : "(" + left.sql() + " " + sign + " " + right.sql() + ")",
                exact ? Kind.NUMBER : Kind.REAL);
    }

    private Translation factor() throws Unknown {
        if (tokens.take("-")) {
            Translation negative = factor();
            if (!negative.isNumeric()) {
                throw new Unknown();
            }
            return Translation.of("(-" + negative.sql() + ")", negative.kind());
        }
        if (tokens.take("(")) {
            Translation inner = disjunction();
            close();
            return inner;
        }
        ExpressionTokens.Token token = tokens.take().orElseThrow(Unknown::new);
        return switch (token.kind()) {
            case NAME -> column(table.ofSource(token.text()));
            case NUMBER -> Translation.of(token.text(), Kind.NUMBER);
            case TEXT -> {
                if (token.text().indexOf('\\') >= 0) {
                    throw new Unknown();
                }
                yield Translation.of(Sql.literal(token.text()), Kind.TEXT);
            }
            case WORD -> word(token.text());
            case SIGN -> throw new Unknown();
        };
    }

    private static Translation column(MappedColumn column) throws Unknown {
        String name = Sql.quote(column.name());
        boolean caseless = column.source().collation().endsWith("_ci");
        return switch (column.form()) {
            case INTEGER, NUMERIC ->
                    column.source().dataType().equals("year")
                                    || column.source().dataType().equals("bit")
                                    || !isNumber(column.type())
                            ? fail()
                            : Translation.of(name, Kind.NUMBER);
            case BOOLEAN -> Translation.of(name + "::integer", Kind.NUMBER);
            case DOUBLE -> Translation.of(name, Kind.REAL);
            case TEXT ->
                    column.type().equals("text") || column.type().startsWith("character varying")
                            ? new Translation(name, Kind.TEXT, caseless)
                            : new Translation(name + "::text", Kind.TEXT, caseless);
            case LABEL ->
                    column.type().startsWith("\"")
                            ? fail()
                            : new Translation(name, Kind.TEXT, caseless);
            case DATE, DATETIME -> Translation.of(name, Kind.TIME);
            case JSON -> column.type().equals("jsonb") ? Translation.of(name, Kind.JSON) : fail();
            default -> fail();
        };
    }

    private static boolean isNumber(String type) {
        return type.startsWith("numeric") || type.endsWith("int") || type.equals("integer");
    }

    private static Translation fail() throws Unknown {
        throw new Unknown();
    }

    private Translation word(String word) throws Unknown {
        return switch (word) {
            case "null" -> Translation.of("NULL", Kind.NULL);
            case "true", "false" -> condition(word);
            case "case" -> choice();
            default -> function(word, arguments());
        };
    }

    private Translation choice() throws Unknown {
        StringBuilder sql = new StringBuilder("CASE");
        Optional<Translation> result = Optional.empty();
        if (!tokens.take("when")) {
            throw new Unknown();
        }
        do {
            sql.append(" WHEN ").append(truth(disjunction()));
            if (!tokens.take("then")) {
                throw new Unknown();
            }
            Translation one = disjunction();
            sql.append(" THEN ").append(one.sql());
            result = Optional.of(result.isPresent() ? alike(result.get(), one) : one);
        } while (tokens.take("when"));
        if (tokens.take("else")) {
            Translation other = disjunction();
            sql.append(" ELSE ").append(other.sql());
            result = Optional.of(alike(result.get(), other));
        }
        if (!tokens.take("end")) {
            throw new Unknown();
        }
        return new Translation("(" + sql + " END)", result.get().kind(), result.get().caseless());
    }

    /** What several values of one kind give. */
    private static Translation alike(Translation one, Translation other) throws Unknown {
        if (one.is(Kind.NULL)) {
            return other;
        }
        if (!other.is(Kind.NULL) && one.kind() != other.kind()) {
            throw new Unknown();
        }
        return new Translation(one.sql(), one.kind(), one.caseless() || other.caseless());
    }

    private List<Translation> arguments() throws Unknown {
        if (!tokens.take("(")) {
            throw new Unknown();
        }
        List<Translation> arguments = new ArrayList<>();
        if (tokens.take(")")) {
            return arguments;
        }
        do {
            arguments.add(disjunction());
        } while (tokens.take(","));
        close();
        return arguments;
    }

    private void close() throws Unknown {
        if (!tokens.take(")")) {
            throw new Unknown();
        }
    }

    private static Translation function(String name, List<Translation> given) throws Unknown {
        Translation first = given.isEmpty() ? fail() : given.get(0);
        return switch (name) {
            case "lower", "lcase" -> text("lower(" + only(given, Kind.TEXT) + ")", first);
            case "upper", "ucase" -> text("upper(" + only(given, Kind.TEXT) + ")", first);
            case "trim" -> text("btrim(" + only(given, Kind.TEXT) + ")", first);
            case "char_length", "character_length" ->
                    Translation.of("char_length(" + only(given, Kind.TEXT) + ")", Kind.NUMBER);
            case "abs" -> Translation.of("abs(" + only(given, Kind.NUMBER) + ")", Kind.NUMBER);
            case "concat" -> concat(given);
            case "left", "right" -> {
                if (given.size() != 2) {
                    throw new Unknown();
                }
                String length = need(given.get(1), Kind.NUMBER);
                yield text(
                        "\"%s\"(%s, greatest(%s, 0)::integer)"
                                .formatted(name, need(first, Kind.TEXT), length),
                        first);
            }
            case "coalesce", "ifnull" -> {
                Translation common = first;
                for (Translation one : given) {
                    common = alike(common, one);
                }
                yield new Translation(
                        "coalesce(" + list(given) + ")", common.kind(), common.caseless());
            }
            case "if" -> {
                if (given.size() != 3) {
                    throw new Unknown();
                }
                Translation common = alike(given.get(1), given.get(2));
                yield new Translation(
                        "(CASE WHEN %s THEN %s ELSE %s END)"
                                .formatted(truth(first), given.get(1).sql(), given.get(2).sql()),
                        common.kind(),
                        common.caseless());
            }
            case "year", "month" ->
                    Translation.of(
                            "extract(%s FROM %s)::integer".formatted(name, only(given, Kind.TIME)),
                            Kind.NUMBER);
            case "json_extract" -> Translation.of(path(given), Kind.JSON);
            // MySQL unquotes the JSON null, too, and gives a text of four letters.
            case "json_unquote" -> {
                String json = only(given, Kind.JSON);
                yield Translation.of(
                        "(CASE jsonb_typeof(%1$s) WHEN 'null' THEN 'null' ELSE %1$s #>> '{}' END)"
                                .formatted(json),
                        Kind.TEXT);
            }
            default -> fail();
        };
    }

    /** {@code $.a.b} as {@code #> '{a,b}'}. */
    private static String path(List<Translation> given) throws Unknown {
        String path = given.size() == 2 ? need(given.get(1), Kind.TEXT) : "";
        if (!path.matches("'\\$(\\.[A-Za-z_][A-Za-z0-9_]*)+'")) {
            throw new Unknown();
        }
        String keys = path.substring(3, path.length() - 1).replace('.', ',');
        return "(" + need(given.get(0), Kind.JSON) + " #> '{" + keys + "}')";
    }

    private static Translation concat(List<Translation> given) throws Unknown {
        List<String> texts = new ArrayList<>();
        boolean caseless = false;
        for (Translation one : given) {
            texts.add(one.is(Kind.NUMBER) ? one.sql() + "::text" : need(one, Kind.TEXT));
            caseless |= one.caseless();
        }
        return new Translation("(" + String.join(" || ", texts) + ")", Kind.TEXT, caseless);
    }

    private static Translation text(String sql, Translation like) {
        return new Translation(sql, Kind.TEXT, like.caseless());
    }

    private static String list(List<Translation> translations) {
        return String.join(", ", translations.stream().map(Translation::sql).toList());
    }

    private static String only(List<Translation> given, Kind kind) throws Unknown {
        if (given.size() != 1) {
            throw new Unknown();
        }
        return need(given.get(0), kind);
    }

    private static String need(Translation translation, Kind kind) throws Unknown {
        if (!translation.is(kind)) {
            throw new Unknown();
        }
        return translation.sql();
    }

    /** To MySQL a number is true unless it is 0. */
    private static String truth(Translation translation) throws Unknown {
        return translation.is(Kind.NUMBER)
                ? "(" + translation.sql() + " <> 0)"
                : need(translation, Kind.CONDITION);
    }

    private static Translation condition(String sql) {
        return Translation.of(sql, Kind.CONDITION);
    }
}
