package io.landbridge.schema.mysql;

import io.landbridge.config.MappingConfig;
import io.landbridge.config.MappingConfig.CaseInsensitive;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What each type of MySQL becomes. {@link #RULES} is the whole table; {@code
 * agent/docs/type-mapping.md} shows it, and a test holds both against each other. A configuration
 * goes before it, by column, by pattern or by type; a table that is there at the target before us
 * goes before everything.
 *
 * <p>Immutable.
 */
public final class TypeMapping {

    /**
     * One line of the table.
     *
     * @param mysql a whole column type ({@code tinyint(1)}), or a type with {@code unsigned}, or a
     *     type; the most specific one counts
     * @param postgres as {@code format_type} spells it; {@code {length}} and its like stand for
     *     what the column has
     * @param remark when it is another one, and which; else empty
     */
    public record Rule(String mysql, String postgres, String remark) {}

    /** In the place of a type: an enum type of the column's own. */
    static final String ENUM = "an enum type";

    /** The table. */
    public static final List<Rule> RULES =
            List.of(
                    rule("tinyint(1)", "boolean", "smallint unless all values are 0, 1 or NULL"),
                    rule("tinyint", "smallint"),
                    rule("tinyint unsigned", "smallint"),
                    rule("smallint", "smallint"),
                    rule("smallint unsigned", "integer"),
                    rule("mediumint", "integer"),
                    rule("mediumint unsigned", "integer"),
                    rule("int", "integer"),
                    rule("int unsigned", "bigint"),
                    rule("bigint", "bigint"),
                    rule("bigint unsigned", "numeric(20,0)", "bigint for AUTO_INCREMENT"),
                    rule("decimal", "numeric({precision},{scale})"),
                    rule("float", "real"),
                    rule("double", "double precision"),
                    rule("bit", "bit({precision})"),
                    rule("char", "character({length})", "text for CHAR(0)"),
                    rule("varchar", "character varying({length})", "text for VARCHAR(0)"),
                    rule("tinytext", "text"),
                    rule("text", "text"),
                    rule("mediumtext", "text"),
                    rule("longtext", "text"),
                    rule("binary", "bytea"),
                    rule("varbinary", "bytea"),
                    rule("tinyblob", "bytea"),
                    rule("blob", "bytea"),
                    rule("mediumblob", "bytea"),
                    rule("longblob", "bytea"),
                    rule("date", "date"),
                    rule("datetime", "timestamp({fraction}) without time zone"),
                    rule("timestamp", "timestamp({fraction}) with time zone"),
                    rule(
                            "time",
                            "time({fraction}) without time zone",
                            "interval({fraction}) unless all values are between 00:00 and 24:00"),
                    rule("year", "smallint"),
                    rule("enum", ENUM, "text with a CHECK under schema.mapping.enums: text"),
                    rule("set", "text[]", "with a CHECK"),
                    rule("json", "jsonb"),
                    rule("longtext json", "json", "MariaDB's JSON: the text as it was written"),
                    rule("uuid", "uuid"),
                    rule("geometry", "bytea", "four bytes of SRID, then WKB"),
                    rule("point", "bytea", "likewise"),
                    rule("linestring", "bytea", "likewise"),
                    rule("polygon", "bytea", "likewise"),
                    rule("multipoint", "bytea", "likewise"),
                    rule("multilinestring", "bytea", "likewise"),
                    rule("multipolygon", "bytea", "likewise"),
                    rule("geomcollection", "bytea", "likewise"),
                    rule("geometrycollection", "bytea", "likewise"));

    private static final Map<String, Rule> BY_TYPE =
            RULES.stream().collect(Collectors.toMap(Rule::mysql, Function.identity()));

    private final MappingConfig config;
    private final List<ColumnPattern> patterns;

    public TypeMapping(MappingConfig config) {
        this.config = config;
        this.patterns =
                config.columns().entrySet().stream()
                        .map(entry -> ColumnPattern.parse(entry.getKey(), entry.getValue()))
                        .toList();
    }

    private static Rule rule(String mysql, String postgres) {
        return rule(mysql, postgres, "");
    }

    private static Rule rule(String mysql, String postgres, String remark) {
        return new Rule(mysql, postgres, remark);
    }

    /** What the configuration says of the column, spelled as {@code format_type} does. */
    Optional<String> configured(MysqlTable table, MysqlColumn column) {
        Optional<String> byColumn =
                patterns.stream()
                        .filter(pattern -> pattern.fits(table.id(), column.name()))
                        .map(ColumnPattern::type)
                        .findFirst();
        return byColumn.or(
                        () ->
                                names(table, column).stream()
                                        .filter(config.types()::containsKey)
                                        .map(config.types()::get)
                                        .findFirst())
                .map(type -> PostgresType.parse(filled(type, column)).text());
    }

    /**
     * The type that the table gives the column, {@link #ENUM} for an enum type that is still to be
     * named.
     *
     * @param facts what is known of its values
     */
    String proposed(MysqlTable table, MysqlColumn column, ValueFacts facts) {
        String type = column.dataType();
        boolean caseless =
                column.isText()
                        && !table.isJson(column)
                        && column.collation().endsWith("_ci")
                        && column.length() > 0;
        if (caseless && config.caseInsensitive() == CaseInsensitive.CITEXT) {
            return "public.citext";
        }
        if (type.equals("enum") && config.enums() == MappingConfig.Enums.TEXT) {
            return "text";
        }
        if (names(table, column).contains("tinyint(1)") && !facts.onlyBooleans()) {
            return "smallint";
        }
        if (type.equals("time") && !facts.onlyTimesOfDay()) {
            return "interval(" + column.fraction() + ")";
        }
        if (column.autoIncrement() && column.dataType().equals("bigint")) {
            return "bigint";
        }
        if (column.length() == 0 && (type.equals("char") || type.equals("varchar"))) {
            return "text";
        }
        String template =
                names(table, column).stream()
                        .filter(BY_TYPE::containsKey)
                        .map(name -> BY_TYPE.get(name).postgres())
                        .findFirst()
                        .orElse("text");
        return filled(template, column);
    }

    /** Names of the column's type, the most specific first. */
    private static List<String> names(MysqlTable table, MysqlColumn column) {
        if (table.isJson(column)) {
            return List.of("longtext json", "longtext");
        }
        String whole = column.columnType().replace(" zerofill", "");
        return column.unsigned()
                ? List.of(whole, column.dataType() + " unsigned", column.dataType())
                : List.of(whole, column.dataType());
    }

    private static String filled(String template, MysqlColumn column) {
        return template.replace("{length}", String.valueOf(column.length()))
                .replace("{precision}", String.valueOf(column.precision()))
                .replace("{scale}", String.valueOf(column.scale().orElse(0)))
                .replace("{fraction}", String.valueOf(column.fraction()));
    }
}
