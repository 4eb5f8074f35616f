package io.landbridge.schema;

import io.landbridge.change.TableId;
import io.landbridge.config.SchemaConfig;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.Database;
import io.landbridge.schema.PostgresRelations.Relation;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what the source's catalogue says into the steps that make the target so. */
final class SourceDdl {

    private static final Logger LOG = LoggerFactory.getLogger(SourceDdl.class);
    private static final String OWN_WAY = "own reading of the catalogue";
    private static final long PG_EXTENSION = 3079;

    /** PostgreSQL's words for what only pg_dump spells. */
    private static final Set<String> NEED_PG_DUMP =
            Set.of(
                    "aggregate",
                    "operator",
                    "operator class",
                    "operator family",
                    "collation",
                    "cast",
                    "conversion",
                    "language",
                    "text search parser",
                    "text search dictionary",
                    "text search template",
                    "text search configuration",
                    "foreign-data wrapper",
                    "server",
                    "access method",
                    "transform");

    private final SchemaScope scope;
    private final List<Table> tables;
    private final Set<Long> keyIndexes;
    private final Map<Long, TableId> ids;

    private SourceDdl(SchemaScope scope, List<Table> tables, Set<Long> keyIndexes) {
        this.scope = scope;
        this.tables = tables;
        this.keyIndexes = keyIndexes;
        this.ids = scope.tables().stream().collect(Collectors.toMap(Relation::oid, Relation::id));
    }

    /**
     * What the source says.
     *
     * @param way how it was asked
     * @param notes what is left out and why
     * @param missing what chosen tables need and can't have
     * @param unsupported what can't be spelled this way
     * @param extensions names of those that are needed
     */
    record Result(
            String way,
            List<SchemaStep> steps,
            List<String> notes,
            List<String> missing,
            List<String> unsupported,
            List<String> extensions) {}

    /**
     * @throws Fault CONFIG_INVALID when the configured pg_dump can't be used, SOURCE_DDL when it
     *     fails; one that was only found may fail
     */
    static Result read(Database source, SchemaConfig config, TablePatterns patterns) {
        return source.inTransaction(
                "reading the schema",
                connection -> {
                    begin(connection);
                    PostgresRelations all = PostgresRelations.read(connection);
                    PostgresCatalogue.Reading reading =
                            PostgresCatalogue.read(connection, all, all.chosen(patterns));
                    SchemaScope scope = SchemaScope.read(connection, all, patterns);
                    int major = connection.getMetaData().getDatabaseMajorVersion();
                    Dump dump = dump(source, connection, config, major);
                    return new SourceDdl(scope, reading.tables(), reading.keyIndexes())
                            .result(connection, dump);
                });
    }

    /** What pg_dump gave, if there is one, and a sentence on the way the DDL is obtained. */
    private record Dump(Optional<DumpArchive> archive, String way) {}

    private static Dump dump(
            Database source, Connection connection, SchemaConfig config, int sourceMajor)
            throws SQLException {
        Optional<PgDump> program = PgDump.find(config, sourceMajor);
        if (program.isEmpty()) {
            boolean unwanted = config.pgDump().equals(SchemaConfig.NO_PG_DUMP);
            return new Dump(
                    Optional.empty(),
                    OWN_WAY
                            + (unwanted
                                    ? ""
                                    : " (no pg_dump "
                                            + sourceMajor
                                            + " or newer is on this machine)"));
        }
        try {
            return new Dump(
                    Optional.of(program.get().dump(source.config(), snapshot(connection))),
                    program.get() + ", in an order by our own reading of the catalogue");
        } catch (IOException e) {
            if (!config.pgDump().isEmpty()) {
                throw Fault.of(FaultCode.SOURCE_DDL, "pg_dump failed: " + e.getMessage(), e)
                        .hint("solve that, or set schema.pg-dump to " + SchemaConfig.NO_PG_DUMP);
            }
            LOG.warn("pg_dump failed, so the DDL is our own reading: {}", e.getMessage());
            return new Dump(
                    Optional.empty(), OWN_WAY + " (" + program.get() + " failed, see the log)");
        }
    }

    private static String snapshot(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("select pg_export_snapshot()");
                ResultSet row = query.executeQuery()) {
            row.next();
            return row.getString(1);
        }
    }

    private Result result(Connection connection, Dump dump) throws SQLException {
        List<DdlStatement> statements =
                CatalogueDdl.read(connection, scope).stream()
                        .filter(statement -> !isOfExtension(statement.self()))
                        .toList();
        Map<ObjectAddress, Set<ObjectAddress>> inlined = CatalogueDdl.inlined(connection, scope);
        if (dump.archive().isPresent()) {
            DumpedDdl.Result dumped =
                    DumpedDdl.of(
                            statements,
                            unspelled(statements),
                            dump.archive().get(),
                            scope.needs(),
                            inlined);
            statements = dumped.statements();
            inlined = dumped.inlined();
        }
        List<DdlStatement> ordered =
                DdlOrder.of(statements, scope.needs(), inlined, earlyIndexes(statements));
        return new Result(
                dump.way(),
                steps(ordered),
                scope.omitted(),
                scope.missing(),
                unspelled(statements).values().stream().sorted().toList(),
                extensions());
    }

    /** Those of the keys, and all that hold nothing since their table is partitioned. */
    private Set<Long> earlyIndexes(List<DdlStatement> statements) {
        Set<ObjectAddress> partitioned =
                scope.tables().stream()
                        .filter(Relation::partitioned)
                        .map(table -> ObjectAddress.relation(table.oid()))
                        .collect(Collectors.toSet());
        Set<Long> early = new HashSet<>(keyIndexes);
        statements.stream()
                .filter(statement -> partitioned.contains(statement.parent()))
                .forEach(statement -> early.add(statement.index()));
        return early;
    }

    private List<String> extensions() {
        return scope.needs().keySet().stream()
                .filter(object -> object.catalogue() == PG_EXTENSION)
                .map(object -> scope.kinds().get(object).name())
                .sorted()
                .toList();
    }

    /** Objects that none of {@code statements} makes, of kinds that need one; and their names. */
    private Map<ObjectAddress, String> unspelled(List<DdlStatement> statements) {
        Set<ObjectAddress> spelled =
                statements.stream()
                        .filter(statement -> !statement.sql().equals("null"))
                        .map(DdlStatement::self)
                        .collect(Collectors.toSet());
        Map<ObjectAddress, String> unspelled = new LinkedHashMap<>();
        for (ObjectAddress object : scope.needs().keySet()) {
            var described = scope.kinds().get(object);
            if (described != null
                    && !spelled.contains(object)
                    && !isOfExtension(object)
                    && NEED_PG_DUMP.contains(described.type())) {
                unspelled.put(object, described.type() + " " + described.identity());
            }
        }
        return unspelled;
    }

    private boolean isOfExtension(ObjectAddress object) {
        return object.catalogue() != PG_EXTENSION
                && scope.needs().getOrDefault(object, Set.of()).stream()
                        .anyMatch(need -> need.catalogue() == PG_EXTENSION);
    }

    private List<SchemaStep> steps(List<DdlStatement> ordered) {
        Map<ObjectAddress, Integer> numbers = new HashMap<>();
        for (int i = 0; i < ordered.size(); i++) {
            numbers.putIfAbsent(ordered.get(i).self(), i + 1);
        }
        numbers.remove(ObjectAddress.NONE);
        Map<TableId, Long> weights =
                tables.stream().collect(Collectors.toMap(Table::id, Table::bytes));
        List<SchemaStep> steps = new ArrayList<>(ordered.size());
        for (DdlStatement statement : ordered) {
            long relation =
                    statement.kind() == DdlKind.TABLE
                            ? statement.self().oid()
                            : statement.parent().oid();
            Optional<TableId> table =
                    Optional.ofNullable(scope.roots().get(relation)).map(ids::get);
            steps.add(
                    new SchemaStep(
                            steps.size() + 1,
                            statement.stage(),
                            statement.kind(),
                            statement.object(),
                            parent(statement, numbers),
                            table,
                            table.map(id -> weights.getOrDefault(id, 0L)).orElse(0L),
                            statement.sql(),
                            statement.undo(),
                            Optional.empty()));
        }
        for (Table table : tables) {
            steps.add(analyze(steps.size() + 1, table));
        }
        return steps;
    }

    /** The one step that every plan has for every table. */
    static SchemaStep analyze(int number, Table table) {
        String name = Sql.quote(table.id());
        return new SchemaStep(
                number,
                DdlStage.STATISTICS,
                DdlKind.ANALYZE,
                name,
                0,
                Optional.of(table.id()),
                table.bytes(),
                "ANALYZE " + name,
                "",
                Optional.empty());
    }

    /** A partition goes with its root, everything else with what it belongs to. */
    private int parent(DdlStatement statement, Map<ObjectAddress, Integer> numbers) {
        if (statement.kind() == DdlKind.TABLE) {
            long root = scope.roots().get(statement.self().oid());
            return root == statement.self().oid() ? 0 : numbers.get(ObjectAddress.relation(root));
        }
        return numbers.getOrDefault(statement.parent(), 0);
    }

    /** One snapshot for everything that is read, by us and by pg_dump. */
    private static void begin(Connection connection) throws SQLException {
        try (PreparedStatement set =
                connection.prepareStatement(
                        "set transaction isolation level repeatable read, read only")) {
            set.execute();
        }
    }
}
