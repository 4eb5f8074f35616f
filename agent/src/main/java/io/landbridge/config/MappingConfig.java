package io.landbridge.config;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Section {@code schema.mapping}: how a MySQL source's names and types become PostgreSQL's. Names
 * are as the source has them.
 *
 * @param types PostgreSQL's type by MySQL's: {@code json} to {@code json}
 * @param columns PostgreSQL's type by a pattern {@code database.table.column} with {@code *} and
 *     {@code ?}; the first that fits counts, before {@code types}
 * @param schemas the target's schema by database; others keep their name
 * @param tables the target's {@code schema.table} by {@code database.table}
 * @param lowerCase whether names of schemas, tables and columns become lower-case
 * @param enums what an ENUM becomes
 * @param caseInsensitive what texts whose collation takes no notice of case become
 * @param zeroDates what becomes of dates without a year, a month or a day
 */
public record MappingConfig(
        Map<String, String> types,
        Map<String, String> columns,
        Map<String, String> schemas,
        Map<String, String> tables,
        boolean lowerCase,
        Enums enums,
        CaseInsensitive caseInsensitive,
        ZeroDates zeroDates) {

    /** As when nothing is configured. */
    public static final MappingConfig DEFAULT =
            new MappingConfig(
                    Map.of(),
                    Map.of(),
                    Map.of(),
                    Map.of(),
                    false,
                    Enums.TYPE,
                    CaseInsensitive.PLAIN,
                    ZeroDates.REFUSE);

    /** What an ENUM becomes. */
    public enum Enums {
        /** An enum type of PostgreSQL. */
        TYPE,
        /** A text with a CHECK. */
        TEXT
    }

    /** What texts whose collation takes no notice of case become. */
    public enum CaseInsensitive {
        /** Ordinary texts, to which case counts. */
        PLAIN,
        /** The extension's type; a length is not kept. */
        CITEXT,
        /** Ordinary texts under an ICU collation that isn't deterministic. */
        COLLATION
    }

    /** What becomes of dates without a year, a month or a day. */
    public enum ZeroDates {
        /** They stop their table; the assessment finds them before. */
        REFUSE,
        /** NULL; such columns then allow it. */
        AS_NULL
    }

    public MappingConfig {
        types = new LinkedHashMap<>(types);
        columns = new LinkedHashMap<>(columns);
        schemas = Map.copyOf(schemas);
        tables = Map.copyOf(tables);
    }

    /** In the order given: the first that fits counts. */
    @Override
    public Map<String, String> columns() {
        return java.util.Collections.unmodifiableMap(columns);
    }

    @Override
    public Map<String, String> types() {
        return java.util.Collections.unmodifiableMap(types);
    }
}
