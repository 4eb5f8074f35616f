package io.landbridge.schema;

import io.landbridge.change.TableId;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Makes the target's schema out of the source's, stage by stage. Every stage can be repeated;
 * {@link #cancel} may come from any thread.
 */
public interface SchemaTransfer {

    /** The tables that move, as the source has them. */
    List<Table> tables();

    /** Breaks off the stage that runs. */
    void cancel();

    /** Makes what rows need to be copied, or makes sure that it is there. */
    Prepared prepare();

    /** Takes away what would slow the load down, to be made again later. */
    void dropForLoad();

    /** Makes what the applier finds rows by. */
    void buildKeys(Consumer<SchemaProgress> listener);

    /** Makes the other indexes, the foreign keys, the triggers. */
    void buildRest(Consumer<SchemaProgress> listener);

    /** Makes what must not be there before nobody writes to the source any more. */
    void buildLast();

    /** Removes what was made at the target; what it leaves alone, and why. */
    List<String> removeCreated();

    /** The target's tables, by their name at the source. */
    Map<TableId, Table> targetTables();
}
