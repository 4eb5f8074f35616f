package io.landbridge.schema;

/**
 * What a DDL statement makes. The order is the one in which statements run as far as dependencies
 * leave a choice.
 */
public enum DdlKind {
    SCHEMA(DdlStage.TABLES, "SCHEMA", "to_regnamespace(?)"),
    EXTENSION(
            DdlStage.TABLES,
            "EXTENSION",
            "(select e.oid from pg_extension e where quote_ident(e.extname) = ?)"),
    TYPE(DdlStage.TABLES, "TYPE", "to_regtype(?)"),
    /** Whatever only pg_dump knows to spell: aggregates, operators, collations and the like. */
    OTHER(DdlStage.TABLES, "", ""),
    FUNCTION(DdlStage.TABLES, "FUNCTION", "to_regprocedure(?)"),
    PROCEDURE(DdlStage.TABLES, "PROCEDURE", "to_regprocedure(?)"),
    TABLE(DdlStage.TABLES, "TABLE", "to_regclass(?)"),
    SEQUENCE(DdlStage.TABLES, "SEQUENCE", "to_regclass(?)"),
    IDENTITY(DdlStage.TABLES),
    SEQUENCE_OWNER(DdlStage.TABLES),
    DEFAULT(DdlStage.TABLES),
    ATTACH(DdlStage.TABLES),

    DROP(DdlStage.DROPS),

    UNIQUE(DdlStage.INDEXES),
    EXCLUSION(DdlStage.INDEXES),
    INDEX(DdlStage.INDEXES),

    INDEX_ATTACH(DdlStage.CONSTRAINTS),
    REPLICA_IDENTITY(DdlStage.CONSTRAINTS),
    STATISTICS(DdlStage.CONSTRAINTS),
    CHECK(DdlStage.CONSTRAINTS),
    FOREIGN_KEY(DdlStage.CONSTRAINTS),

    VALIDATION(DdlStage.VALIDATIONS),

    VIEW(DdlStage.CODE, "VIEW", "to_regclass(?)"),
    MATERIALIZED_VIEW(DdlStage.CODE, "MATERIALIZED VIEW", "to_regclass(?)"),
    RULE(DdlStage.CODE),
    TRIGGER(DdlStage.CODE),
    POLICY(DdlStage.CODE),
    ROW_SECURITY(DdlStage.CODE),
    COMMENT(DdlStage.CODE),

    REFRESH(DdlStage.REFRESHES),
    ANALYZE(DdlStage.STATISTICS),
    LAST(DdlStage.LAST);

    private final DdlStage stage;
    private final String noun;
    private final String probe;

    DdlKind(DdlStage stage) {
        this(stage, "", "");
    }

    DdlKind(DdlStage stage, String noun, String probe) {
        this.stage = stage;
        this.noun = noun;
        this.probe = probe;
    }

    /** Where a statement of this kind runs unless its dependencies put it later. */
    DdlStage stage() {
        return stage;
    }

    /** An SQL expression over the object's name that is not NULL when it exists; or empty. */
    String probe() {
        return probe;
    }

    /** The statement that takes {@code object} away again; empty when it goes with its table. */
    String undo(String object) {
        return noun.isEmpty() ? "" : "DROP " + noun + " IF EXISTS " + object;
    }
}
