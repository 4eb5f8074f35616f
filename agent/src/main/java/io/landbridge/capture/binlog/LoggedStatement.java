package io.landbridge.capture.binlog;

import io.landbridge.capture.binlog.SqlTokens.Token;
import io.landbridge.change.TableId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A statement that stands in the log in its own words: what it means for the tables that it names.
 *
 * @param effect the worst that it does
 * @param tables the tables that it does it to
 * @param database all tables of it are meant, when there is one
 * @param added the columns that it adds behind the others, when it does nothing else that a row's
 *     image would show
 */
record LoggedStatement(
        Effect effect, List<TableId> tables, Optional<String> database, List<String> added) {

    LoggedStatement {
        tables = List.copyOf(tables);
        added = List.copyOf(added);
    }

    private LoggedStatement(Effect effect, List<TableId> tables, Optional<String> database) {
        this(effect, tables, database, List.of());
    }

    /** What a statement does. */
    enum Effect {
        /** Nothing that a row's image would show. */
        NONE,
        /** Opens a transaction. */
        BEGIN,
        /** Ends it. */
        COMMIT,
        /** Ends it; nothing of it counts. */
        ROLLBACK,
        /** Belongs to a distributed transaction. */
        DISTRIBUTED,
        /** Empties tables. */
        TRUNCATE,
        /** Changes a table so that its rows can't be followed any more. */
        ALTER,
        /** Changes rows, and only the statement is logged. */
        ROWS
    }

    private static final LoggedStatement NOTHING =
            new LoggedStatement(Effect.NONE, List.of(), Optional.empty());

    /** What ALTER TABLE may do behind these words without touching a row's image. */
    private static final Set<String> HARMLESS =
            Set.of(
                    "ENGINE",
                    "AUTO_INCREMENT",
                    "COMMENT",
                    "ROW_FORMAT",
                    "STATS_PERSISTENT",
                    "STATS_AUTO_RECALC",
                    "STATS_SAMPLE_PAGES",
                    "KEY_BLOCK_SIZE",
                    "COMPRESSION",
                    "ENCRYPTION",
                    "ALGORITHM",
                    "LOCK",
                    "FORCE",
                    "DISABLE",
                    "ENABLE",
                    "ANALYZE",
                    "CHECK",
                    "OPTIMIZE",
                    "REBUILD",
                    "REPAIR");

    /** What may stand behind ADD, DROP, RENAME or ALTER for the same to hold. */
    private static final Set<String> HARMLESS_OBJECTS =
            Set.of(
                    "INDEX",
                    "KEY",
                    "UNIQUE",
                    "FULLTEXT",
                    "SPATIAL",
                    "CONSTRAINT",
                    "FOREIGN",
                    "CHECK");

    static LoggedStatement of(String sql, String database) {
        List<Token> tokens = SqlTokens.of(sql);
        if (tokens.isEmpty()) {
            return NOTHING;
        }
        Reader in = new Reader(tokens, database);
        in.skipSettings();
        return switch (in.word()) {
            case "BEGIN" -> plain(Effect.BEGIN);
            case "START" -> plain(Effect.BEGIN);
            case "COMMIT" -> plain(Effect.COMMIT);
            case "ROLLBACK" -> plain(Effect.ROLLBACK);
            case "XA" -> plain(Effect.DISTRIBUTED);
            case "TRUNCATE" -> truncate(in);
            case "ALTER" -> alter(in);
            case "DROP" -> drop(in);
            case "RENAME" -> rename(in);
            case "CREATE" -> create(in);
            case "INSERT", "UPDATE", "DELETE", "REPLACE", "LOAD", "WITH", "CALL" ->
                    new LoggedStatement(Effect.ROWS, in.allNames(), Optional.empty());
            default -> NOTHING;
        };
    }

    private static LoggedStatement plain(Effect effect) {
        return new LoggedStatement(effect, List.of(), Optional.empty());
    }

    private static LoggedStatement on(Effect effect, TableId table) {
        return new LoggedStatement(effect, List.of(table), Optional.empty());
    }

    private static LoggedStatement truncate(Reader in) {
        in.skip("TABLE");
        return on(Effect.TRUNCATE, in.table());
    }

    private static LoggedStatement create(Reader in) {
        boolean replacing = in.skip("OR") && in.skip("REPLACE");
        if (replacing && in.skip("TABLE")) {
            // MariaDB's: what was there is dropped first.
            return on(Effect.ALTER, in.table());
        }
        // An index is the target's own affair; a new table isn't ours.
        return NOTHING;
    }

    private static LoggedStatement drop(Reader in) {
        in.skip("TEMPORARY");
        switch (in.word()) {
            case "TABLE", "TABLES" -> {
                in.skipExistence();
                List<TableId> tables = new ArrayList<>();
                do {
                    tables.add(in.table());
                } while (in.skip(","));
                return new LoggedStatement(Effect.ALTER, tables, Optional.empty());
            }
            case "DATABASE", "SCHEMA" -> {
                in.skipExistence();
                return new LoggedStatement(Effect.ALTER, List.of(), Optional.of(in.name()));
            }
            default -> {
                return NOTHING;
            }
        }
    }

    private static LoggedStatement rename(Reader in) {
        if (!in.skip("TABLE") && !in.skip("TABLES")) {
            return NOTHING;
        }
        in.skipExistence();
        List<TableId> tables = new ArrayList<>();
        do {
            tables.add(in.table());
            in.skip("TO");
            tables.add(in.table());
        } while (in.skip(","));
        return new LoggedStatement(Effect.ALTER, tables, Optional.empty());
    }

    private static LoggedStatement alter(Reader in) {
        in.skip("ONLINE");
        in.skip("IGNORE");
        if (!in.skip("TABLE")) {
            return NOTHING;
        }
        in.skipExistence();
        TableId table = in.table();
        boolean harmless = in.hasMore();
        boolean additive = true;
        List<String> added = new ArrayList<>();
        List<TableId> touched = new ArrayList<>(List.of(table));
        while (in.hasMore()) {
            Optional<String> column = in.addedColumn();
            column.ifPresent(added::add);
            boolean passes = column.isEmpty() && isHarmless(in, touched);
            harmless &= passes;
            additive &= passes || column.isPresent();
            boolean moved = in.toNextAction();
            additive &= column.isEmpty() || !moved;
        }
        return harmless
                ? NOTHING
                : new LoggedStatement(
                        Effect.ALTER, touched, Optional.empty(), additive ? added : List.of());
    }

    private static boolean isHarmless(Reader in, List<TableId> touched) {
        String action = in.word();
        return switch (action) {
            case "ADD", "DROP", "RENAME", "ALTER" -> {
                String object = in.peek();
                if (action.equals("RENAME") && !HARMLESS_OBJECTS.contains(object)) {
                    in.skip("TO");
                    in.skip("AS");
                    if (!object.equals("COLUMN")) {
                        touched.add(in.table());
                    }
                }
                yield HARMLESS_OBJECTS.contains(object);
            }
            default -> HARMLESS.contains(action);
        };
    }

    /** Goes through the tokens from left to right. */
    private static final class Reader {

        private static final Token END = new Token(SqlTokens.Kind.SIGN, "");

        private final List<Token> tokens;
        private final String database;
        private int at;

        Reader(List<Token> tokens, String database) {
            this.tokens = tokens;
            this.database = database;
        }

        boolean hasMore() {
            return at < tokens.size();
        }

        private Token current() {
            return hasMore() ? tokens.get(at) : END;
        }

        String peek() {
            return current().word();
        }

        String word() {
            String word = current().word();
            at++;
            return word;
        }

        boolean skip(String word) {
            boolean found = current().is(word);
            if (found) {
                at++;
            }
            return found;
        }

        /** MariaDB's {@code SET STATEMENT name = value, ... FOR}, for one statement. */
        void skipSettings() {
            if (current().is("SET")
                    && at + 1 < tokens.size()
                    && tokens.get(at + 1).is("STATEMENT")) {
                while (hasMore() && !skip("FOR")) {
                    at++;
                }
            }
        }

        /** {@code IF EXISTS} and {@code IF NOT EXISTS}. */
        void skipExistence() {
            if (skip("IF")) {
                skip("NOT");
                skip("EXISTS");
            }
        }

        String name() {
            String name = current().text();
            at++;
            return name;
        }

        /** A name, or two with a full stop between. A statement that ends too early names none. */
        TableId table() {
            String name = name();
            String schema = database;
            if (skip(".")) {
                schema = name;
                name = name();
            }
            return new TableId(orUnknown(schema), orUnknown(name));
        }

        private static String orUnknown(String name) {
            return name.isEmpty() ? "?" : name;
        }

        /** The column that ADD [COLUMN] names here, and then stands behind; else stays here. */
        Optional<String> addedColumn() {
            int here = at;
            boolean column = skip("ADD") && (skip("COLUMN") || !HARMLESS_OBJECTS.contains(peek()));
            if (column) {
                skipExistence();
            }
            if (column && current().isName()) {
                return Optional.of(name());
            }
            at = here;
            return Optional.empty();
        }

        /**
         * Behind the next comma that no bracket encloses.
         *
         * @return whether FIRST or AFTER stood on the way
         */
        boolean toNextAction() {
            int depth = 0;
            boolean moved = false;
            while (hasMore()) {
                Token token = tokens.get(at++);
                if (token.is("(")) {
                    depth++;
                } else if (token.is(")")) {
                    depth--;
                } else if (depth == 0 && token.is(",")) {
                    return moved;
                }
                moved |= token.is("FIRST") || token.is("AFTER");
            }
            return moved;
        }

        /** Everything that could be a table's name. */
        List<TableId> allNames() {
            List<TableId> names = new ArrayList<>();
            for (at = 1; at < tokens.size(); at++) {
                if (tokens.get(at).isName()) {
                    int here = at;
                    names.add(table());
                    at = here;
                }
            }
            return names;
        }
    }
}
