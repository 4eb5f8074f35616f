package io.landbridge.change;

/**
 * One change to one row, or the emptying of one table.
 *
 * @param layout what the images' values are
 * @param before the row before: null for inserts and truncates, and for an update whose key stayed
 *     as it was under a replica identity that sends none; values that the log does not carry are
 *     UNCHANGED in it
 * @param after the row after: null for deletes and truncates
 */
public record Change(TableLayout layout, Operation operation, RowImage before, RowImage after)
        implements SourceEvent {

    public Change {
        boolean fits =
                switch (operation) {
                    case INSERT -> before == null && after != null;
                    case UPDATE -> after != null;
                    case DELETE -> before != null && after == null;
                    case TRUNCATE -> before == null && after == null;
                };
        if (!fits) {
            throw new IllegalArgumentException(
                    operation + " of " + layout.table() + " has the wrong images");
        }
    }

    public TableId table() {
        return layout.table();
    }
}
