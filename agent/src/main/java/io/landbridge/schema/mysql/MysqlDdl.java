package io.landbridge.schema.mysql;

import io.landbridge.change.TableId;
import io.landbridge.config.MappingConfig;
import io.landbridge.config.MappingConfig.CaseInsensitive;
import io.landbridge.schema.DdlKind;
import io.landbridge.schema.SchemaScript;
import io.landbridge.schema.Sql;
import io.landbridge.schema.TargetStatement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** PostgreSQL's DDL for mapped tables; what it can't say goes into the notes. */
final class MysqlDdl {

    private final List<MappedTable> tables;
    private final Map<TableId, MappedTable> bySource;
    private final MappingConfig config;
    private final List<TargetStatement> statements = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final Set<String> types = new LinkedHashSet<>();

    private MysqlDdl(List<MappedTable> tables, MappingConfig config) {
        this.tables = tables;
        this.config = config;
        this.bySource =
                tables.stream()
                        .collect(Collectors.toMap(MappedTable::sourceId, Function.identity()));
    }

    /** All statements for {@code tables}. */
    static SchemaScript script(List<MappedTable> tables, MappingConfig config) {
        MysqlDdl ddl = new MysqlDdl(tables, config);
        ddl.schemas();
        tables.forEach(ddl::table);
        return SchemaScript.of(
                "from MySQL's catalogue",
                tables.stream().map(MappedTable::asTarget).toList(),
                ddl.statements,
                ddl.notes);
    }

    private void schemas() {
        for (String schema :
                tables.stream().map(table -> table.targetId().schema()).distinct().toList()) {
            free(
                    DdlKind.SCHEMA,
                    Sql.quote(schema),
                    "CREATE SCHEMA IF NOT EXISTS " + Sql.quote(schema));
            if (config.caseInsensitive() == CaseInsensitive.COLLATION) {
                free(
                        DdlKind.OTHER,
                        "collations of " + Sql.quote(schema),
                        CaselessCollation.create(schema));
            }
        }
        if (config.caseInsensitive() == CaseInsensitive.CITEXT) {
            free(
                    DdlKind.EXTENSION,
                    "citext",
                    "CREATE EXTENSION IF NOT EXISTS citext SCHEMA public");
        }
    }

    private void table(MappedTable table) {
        for (MappedColumn column : table.columns()) {
            enumType(column);
        }
        TableDdl own = new TableDdl(table, config);
        add(table, DdlKind.TABLE, false, Sql.quote(table.targetId()), own.create());
        notes.addAll(own.notes());
        IndexDdl indexes = new IndexDdl(table);
        indexes.statements().forEach(statements::add);
        notes.addAll(indexes.notes());
        table.source().foreignKeys().forEach(key -> foreignKey(table, key));
        onUpdate(table);
        generated(table);
        comments(table);
    }

    /** Only where the column got the type of its own, not that of a column it refers to. */
    private void enumType(MappedColumn column) {
        boolean ours = column.form() == Form.LABEL && column.type().startsWith("\"");
        if (ours && types.add(column.type())) {
            free(
                    DdlKind.TYPE,
                    column.type(),
                    "CREATE TYPE "
                            + column.type()
                            + " AS ENUM ("
                            + column.source().labels().stream()
                                    .map(Sql::literal)
                                    .collect(Collectors.joining(", "))
                            + ")");
        }
    }

    private void foreignKey(MappedTable table, MysqlForeignKey key) {
        MappedTable referenced = bySource.get(key.referenced());
        String name = Sql.quote(TargetNames.fitted(key.name()));
        String what = "foreign key " + key.name() + " of " + table.sourceId();
        if (referenced == null) {
            notes.add(what + ": it refers to " + key.referenced() + ", which does not move");
            return;
        }
        if (!isUnique(referenced.source(), key.referencedColumns())) {
            notes.add(what + ": what it refers to is not unique, which PostgreSQL demands");
            return;
        }
        String owner = Sql.quote(table.targetId());
        add(
                table,
                DdlKind.FOREIGN_KEY,
                false,
                name + " on " + owner,
                "ALTER TABLE %s ADD CONSTRAINT %s FOREIGN KEY (%s) REFERENCES %s (%s) ON UPDATE %s ON DELETE %s NOT VALID"
                        .formatted(
                                owner,
                                name,
                                columns(table, key.columns()),
                                Sql.quote(referenced.targetId()),
                                columns(referenced, key.referencedColumns()),
                                key.onUpdate(),
                                key.onDelete()));
        add(
                table,
                DdlKind.VALIDATION,
                false,
                name + " on " + owner,
                "ALTER TABLE " + owner + " VALIDATE CONSTRAINT " + name);
    }

    /** Whether PostgreSQL lets a foreign key refer to {@code columns}. */
    static boolean isUnique(MysqlTable table, List<String> columns) {
        return table.indexes().stream()
                .anyMatch(
                        index ->
                                index.unique()
                                        && index.isOverWholeColumns()
                                        && Set.copyOf(index.columns()).equals(Set.copyOf(columns)));
    }

    private static String columns(MappedTable table, List<String> names) {
        return Sql.quoteAll(names.stream().map(name -> table.ofSource(name).name()).toList());
    }

    /**
     * As MySQL does it: a row that really changes gets the time, unless the statement gave the
     * column a value of its own. The applier's writes don't fire it.
     */
    private void onUpdate(MappedTable table) {
        List<MappedColumn> columns =
                table.columns().stream().filter(column -> column.source().onUpdateNow()).toList();
        if (columns.isEmpty()) {
            return;
        }
        StringBuilder body = new StringBuilder("IF NEW IS DISTINCT FROM OLD THEN");
        for (MappedColumn column : columns) {
            String c = Sql.quote(column.name());
            body.append(
                    " IF NEW.%1$s IS NOT DISTINCT FROM OLD.%1$s THEN NEW.%1$s := %2$s; END IF;"
                            .formatted(c, DefaultDdl.now(column)));
        }
        trigger(table, "landbridge_on_update_", "UPDATE", body.append(" END IF;").toString());
    }

    /** Fires after the other one, since triggers fire in the order of their names. */
    private void generated(MappedTable table) {
        GeneratedDdl.body(table)
                .ifPresent(
                        body ->
                                trigger(
                                        table,
                                        "landbridge_then_compute_",
                                        "INSERT OR UPDATE",
                                        body));
    }

    private void trigger(MappedTable table, String prefix, String event, String body) {
        TableId id = table.targetId();
        String name = TargetNames.fitted(prefix + id.name());
        String function = Sql.quote(new TableId(id.schema(), name)) + "()";
        add(
                table,
                DdlKind.FUNCTION,
                false,
                function,
                "CREATE FUNCTION "
                        + function
                        + " RETURNS trigger LANGUAGE plpgsql AS $landbridge$BEGIN "
                        + body
                        + " RETURN NEW; END$landbridge$");
        String trigger = Sql.quote(name);
        add(
                table,
                DdlKind.TRIGGER,
                false,
                trigger + " on " + Sql.quote(id),
                "CREATE TRIGGER "
                        + trigger
                        + " BEFORE "
                        + event
                        + " ON "
                        + Sql.quote(id)
                        + " FOR EACH ROW EXECUTE FUNCTION "
                        + function);
    }

    private void comments(MappedTable table) {
        String owner = Sql.quote(table.targetId());
        if (!table.source().comment().isEmpty()) {
            comment(table, "TABLE " + owner, table.source().comment());
        }
        for (MappedColumn column : table.columns()) {
            if (!column.source().comment().isEmpty()) {
                comment(
                        table,
                        "COLUMN " + owner + "." + Sql.quote(column.name()),
                        column.source().comment());
            }
        }
    }

    private void comment(MappedTable table, String on, String text) {
        add(table, DdlKind.COMMENT, false, on, "COMMENT ON " + on + " IS " + Sql.literal(text));
    }

    private void free(DdlKind kind, String object, String sql) {
        statements.add(new TargetStatement(kind, false, object, Optional.empty(), sql));
    }

    private void add(MappedTable table, DdlKind kind, boolean early, String object, String sql) {
        statements.add(
                new TargetStatement(kind, early, object, Optional.of(table.targetId()), sql));
    }
}
