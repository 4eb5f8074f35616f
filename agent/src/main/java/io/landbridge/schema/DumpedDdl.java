package io.landbridge.schema;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Puts pg_dump's words in the place of our own, object by object. Which objects there are, what
 * they need and when each is made stays as the catalogue says: the plan is the same either way, and
 * what only pg_dump can spell joins it.
 *
 * <p>Some words stay ours: what pg_dump says in one breath and the plan in two, since the second
 * half must wait until the rows are there (foreign keys, which are validated later) or until the
 * applier has ended (triggers that fire ALWAYS, FORCE ROW LEVEL SECURITY).
 */
final class DumpedDdl {

    private static final Map<DdlKind, Set<String>> WORDS =
            Map.ofEntries(
                    Map.entry(DdlKind.TYPE, Set.of("TYPE", "DOMAIN")),
                    Map.entry(DdlKind.FUNCTION, Set.of("FUNCTION")),
                    Map.entry(DdlKind.PROCEDURE, Set.of("PROCEDURE")),
                    Map.entry(DdlKind.TABLE, Set.of("TABLE")),
                    Map.entry(DdlKind.SEQUENCE, Set.of("SEQUENCE")),
                    Map.entry(DdlKind.DEFAULT, Set.of("DEFAULT")),
                    Map.entry(DdlKind.UNIQUE, Set.of("CONSTRAINT")),
                    Map.entry(DdlKind.EXCLUSION, Set.of("CONSTRAINT")),
                    Map.entry(DdlKind.INDEX, Set.of("INDEX")),
                    Map.entry(DdlKind.STATISTICS, Set.of("STATISTICS")),
                    Map.entry(DdlKind.CHECK, Set.of("CHECK CONSTRAINT")),
                    Map.entry(DdlKind.VIEW, Set.of("VIEW")),
                    Map.entry(DdlKind.MATERIALIZED_VIEW, Set.of("MATERIALIZED VIEW")),
                    Map.entry(DdlKind.RULE, Set.of("RULE")),
                    Map.entry(DdlKind.TRIGGER, Set.of("TRIGGER")),
                    Map.entry(DdlKind.POLICY, Set.of("POLICY")));

    /** A view that was broken out of a loop: its first definition in the archive is a dummy. */
    private static final String LATER_VIEW = " _RETURN";

    private final Map<ObjectAddress, List<DumpArchive.Entry>> entries;
    private final boolean dummyViews;
    private final Map<ObjectAddress, Set<ObjectAddress>> needs;
    private final Map<ObjectAddress, Set<ObjectAddress>> inlined;
    private final List<DdlStatement> statements = new ArrayList<>();

    private DumpedDdl(
            DumpArchive archive,
            Map<ObjectAddress, Set<ObjectAddress>> needs,
            Map<ObjectAddress, Set<ObjectAddress>> inlined) {
        this.entries =
                archive.entries().stream()
                        .collect(Collectors.groupingBy(DumpArchive.Entry::address));
        this.dummyViews =
                archive.entries().stream()
                        .anyMatch(
                                entry ->
                                        entry.kind().equals("RULE")
                                                && entry.name().endsWith(LATER_VIEW));
        this.needs = needs;
        this.inlined = new HashMap<>();
        inlined.forEach((table, inside) -> this.inlined.put(table, new HashSet<>(inside)));
    }

    /**
     * Statements, and what stands within them.
     *
     * @param inlined as {@link CatalogueDdl#inlined} gives it, for pg_dump's statements
     */
    record Result(List<DdlStatement> statements, Map<ObjectAddress, Set<ObjectAddress>> inlined) {}

    /**
     * @param own the statements of our own reading
     * @param unspelled objects that our own reading has no words for, and their names
     */
    static Result of(
            List<DdlStatement> own,
            Map<ObjectAddress, String> unspelled,
            DumpArchive archive,
            Map<ObjectAddress, Set<ObjectAddress>> needs,
            Map<ObjectAddress, Set<ObjectAddress>> inlined) {
        DumpedDdl dumped = new DumpedDdl(archive, needs, inlined);
        dumped.replace(own);
        dumped.add(unspelled);
        return new Result(List.copyOf(dumped.statements), dumped.inlined);
    }

    private void replace(List<DdlStatement> own) {
        Set<String> halves =
                own.stream()
                        .filter(statement -> statement.kind() == DdlKind.LAST)
                        .map(DdlStatement::object)
                        .collect(Collectors.toSet());
        Set<ObjectAddress> apart =
                own.stream()
                        .filter(statement -> statement.kind() == DdlKind.CHECK)
                        .map(DdlStatement::self)
                        .collect(Collectors.toSet());
        Set<ObjectAddress> tables = new HashSet<>();
        for (DdlStatement statement : own) {
            List<String> words = words(statement);
            boolean theirs =
                    words.size() == 1
                            && !halves.contains(statement.object())
                            && !(isView(statement) && dummyViews)
                            && (statement.kind() != DdlKind.TABLE
                                    || sameTable(statement, words.get(0), apart));
            if (theirs && statement.kind() == DdlKind.TABLE) {
                tables.add(statement.self());
            }
            statements.add(theirs ? statement.saying(words.get(0)) : statement);
        }
        statements.removeIf(
                statement ->
                        statement.kind() == DdlKind.DEFAULT
                                && tables.contains(statement.parent())
                                && standsInTable(statement));
    }

    private static boolean isView(DdlStatement statement) {
        return statement.kind() == DdlKind.VIEW || statement.kind() == DdlKind.MATERIALIZED_VIEW;
    }

    private List<String> words(DdlStatement statement) {
        Set<String> kinds = WORDS.getOrDefault(statement.kind(), Set.of());
        return words(statement.self(), entry -> kinds.contains(entry.kind()));
    }

    private List<String> words(ObjectAddress object, Predicate<DumpArchive.Entry> wanted) {
        return object.equals(ObjectAddress.NONE)
                ? List.of()
                : entries.getOrDefault(object, List.of()).stream()
                        .filter(wanted)
                        .map(DumpArchive.Entry::sql)
                        .filter(sql -> !sql.isEmpty())
                        .toList();
    }

    /**
     * Whether pg_dump's table has in it what ours has: not a parent that does not move, a check
     * that it would add later because of a loop, or an access method that it sets beside it.
     */
    private boolean sameTable(DdlStatement own, String theirs, Set<ObjectAddress> checksApart) {
        boolean checksInside =
                inlined.getOrDefault(own.self(), Set.of()).stream()
                        .noneMatch(
                                inside ->
                                        !checksApart.contains(inside)
                                                && !words(
                                                                inside,
                                                                entry ->
                                                                        entry.kind()
                                                                                .equals(
                                                                                        "CHECK CONSTRAINT"))
                                                        .isEmpty());
        return checksInside
                && theirs.contains("\nINHERITS (") == own.sql().contains(" INHERITS (")
                && !own.sql().contains(") USING ");
    }

    /** A default without an entry of its own: the table needs what it needs, and earlier. */
    private boolean standsInTable(DdlStatement column) {
        if (!words(column.self(), entry -> entry.kind().equals("DEFAULT")).isEmpty()) {
            return false;
        }
        Set<ObjectAddress> needed = new HashSet<>(needs.getOrDefault(column.self(), Set.of()));
        needed.remove(column.parent());
        inlined.computeIfAbsent(column.parent(), none -> new HashSet<>()).addAll(needed);
        return true;
    }

    private void add(Map<ObjectAddress, String> unspelled) {
        unspelled.forEach(
                (object, name) ->
                        entries.getOrDefault(object, List.of()).stream()
                                .filter(entry -> !entry.sql().isEmpty())
                                .filter(entry -> !entry.kind().equals("COMMENT"))
                                .map(
                                        entry ->
                                                new DdlStatement(
                                                        DdlKind.OTHER,
                                                        DdlKind.OTHER.stage(),
                                                        object,
                                                        ObjectAddress.NONE,
                                                        name,
                                                        0,
                                                        entry.sql(),
                                                        entry.drop()))
                                .forEach(statements::add));
    }
}
