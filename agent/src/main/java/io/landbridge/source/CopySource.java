package io.landbridge.source;

import io.landbridge.change.TableId;
import io.landbridge.fault.Fault;
import io.landbridge.schema.Table;
import io.landbridge.schema.WireTypes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The database that rows are loaded from, whatever its kind. Thread-safe. */
public interface CopySource {

    /** A reader with a connection of its own; {@code purpose} names it to the server. */
    CopyReader reader(String purpose);

    /**
     * The types that its binary COPY data may have; empty when it gives text only.
     *
     * @throws Fault when the source can't be asked
     */
    Optional<WireTypes> wireTypes();

    /** For the planning of a load; over a connection of its own. */
    TableCutter cutter();

    /** Cuts tables into what is read at a time. Owned by one thread. */
    interface TableCutter extends AutoCloseable {

        /**
         * What each table's rows are read from, in the order given.
         *
         * @param whole tables that must be read as one
         */
        Map<TableId, List<TablePart>> parts(List<Table> tables, Predicate<Table> whole);

        /**
         * About {@code pieces} ranges that cover every key, the first and the last one open; one
         * for all keys when they can't be cut.
         */
        List<KeyRange> ranges(Table table, TablePart part, int pieces);

        @Override
        void close();
    }
}
