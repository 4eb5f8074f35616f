package io.landbridge.load;

import io.landbridge.change.TableId;

/** What one chunk has added to the progress that people see, so that it can be taken back. */
final class Counted {

    private final LoadProgress progress;
    private final TableId table;
    private long rows;
    private long bytes;

    Counted(LoadProgress progress, TableId table) {
        this.progress = progress;
        this.table = table;
    }

    void add(long moreRows, long moreBytes) {
        rows += moreRows;
        bytes += moreBytes;
        progress.add(table, moreRows, moreBytes);
    }

    /** The chunk was rolled back. */
    void takeBack() {
        add(-rows, -bytes);
    }

    /** The chunk had {@code exactRows}; pieces of COPY data are only about as many. */
    void settle(long exactRows) {
        add(exactRows - rows, 0);
        rows = 0;
        bytes = 0;
    }
}
