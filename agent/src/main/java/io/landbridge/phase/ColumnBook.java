package io.landbridge.phase;

import io.landbridge.change.TableId;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.Database;
import io.landbridge.schema.mysql.MappedTable;
import io.landbridge.schema.mysql.MysqlColumn;
import io.landbridge.target.Documents;
import io.landbridge.target.TableState;
import io.landbridge.target.TableStates;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers at the target what columns MySQL's tables had when the log was opened. The log itself
 * names no column, so that rows from before an ALTER TABLE must not be read by the columns of after
 * it: a table whose columns are others at a start is stopped, unless the statement was met in the
 * log and has stopped it already.
 */
final class ColumnBook {

    private static final Logger LOG = LoggerFactory.getLogger(ColumnBook.class);
    private static final String NAME = "columns";

    /** Between columns: no type or quoted name has one. */
    private static final char SEPARATOR = '\t';

    private final Database target;
    private final Documents documents;
    private final TableStates states;

    ColumnBook(Database target, Documents documents, TableStates states) {
        this.target = target;
        this.documents = documents;
        this.states = states;
    }

    /** Writes down what is there now. */
    void begin(List<MappedTable> tables) {
        documents.createTable();
        StringBuilder text = new StringBuilder();
        for (MappedTable table : tables) {
            text.append(line(table)).append('\n');
        }
        documents.write(NAME, text.toString());
    }

    /** How many columns of {@code table} are written down. */
    int known(TableId table) {
        return (int) lineOf(table).chars().filter(c -> c == SEPARATOR).count() + 1;
    }

    /** Whether {@code table}'s first columns are those that are written down. */
    boolean knowsBeginOf(MappedTable table) {
        String known = lineOf(table.sourceId());
        String now = line(table);
        return now.equals(known) || (!known.isEmpty() && now.startsWith(known + SEPARATOR));
    }

    /** Writes {@code table}'s columns down anew. */
    void write(MappedTable table) {
        String before = lineOf(table.sourceId());
        documents.write(
                NAME,
                documents
                        .read(NAME)
                        .orElse("")
                        .lines()
                        .map(line -> line.equals(before) ? line(table) : line)
                        .collect(Collectors.joining("\n", "", "\n")));
    }

    private String lineOf(TableId table) {
        String begin = quoted(table.toString()) + ":";
        return documents
                .read(NAME)
                .orElse("")
                .lines()
                .filter(line -> line.startsWith(begin))
                .findFirst()
                .orElse("");
    }

    /**
     * Stops the tables that have other columns now.
     *
     * @param grows whether further columns are no matter, since the log will tell of them
     */
    void check(List<MappedTable> tables, boolean grows) {
        Optional<String> written = documents.read(NAME);
        if (written.isEmpty()) {
            return;
        }
        List<String> known = written.get().lines().toList();
        Map<TableId, TableState> stateOf =
                new TreeMap<>(target.with("reading the tables' states", states::read));
        for (MappedTable table : tables) {
            TableId id = table.sourceId();
            boolean stopped =
                    Optional.ofNullable(stateOf.get(id)).flatMap(TableState::stop).isPresent();
            boolean same = known.contains(line(table)) || (grows && knowsBeginOf(table));
            if (!same && !stopped) {
                stop(id);
            }
        }
    }

    private void stop(TableId id) {
        String reason =
                "its columns were altered at the source while no agent read the log: its older"
                        + " changes can't be read by them";
        LOG.error("table {} is stopped: {}", id, reason);
        target.inTransaction(
                "stopping " + id,
                connection -> {
                    states.stop(connection, id, FaultCode.SOURCE_DDL, reason);
                    return null;
                });
    }

    /** The table and its columns, in one line that has no line break. */
    private static String line(MappedTable table) {
        return table.source().columns().stream()
                .map(ColumnBook::text)
                .collect(
                        Collectors.joining(
                                String.valueOf(SEPARATOR),
                                quoted(table.sourceId().toString()) + ":",
                                ""));
    }

    private static String text(MysqlColumn column) {
        return quoted(column.name()) + " " + quoted(column.columnType()) + " " + column.charset();
    }

    private static String quoted(String text) {
        return '"'
                + text.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\n", "\\n")
                        .replace("\r", "\\r")
                        .replace("\t", "\\t")
                + '"';
    }
}
