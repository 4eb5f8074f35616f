package io.landbridge.apply;

import io.landbridge.change.Operation;
import io.landbridge.change.RowImage;
import java.util.Optional;

/**
 * What the changes of one key amount to, as {@link #then} adds one after another:
 *
 * <pre>
 *            then INSERT   then UPDATE   then DELETE
 * INSERT     -             INSERT        NOTHING
 * UPDATE     -             UPDATE        DELETE
 * DELETE     REPLACE       -             -
 * REPLACE    -             REPLACE       DELETE
 * NOTHING    INSERT        -             -
 * </pre>
 *
 * A dash is what no correct source says: a row inserted twice, or changed while it is not there.
 *
 * @param kind what is left to do
 * @param row the values to write: complete for INSERT and REPLACE; for UPDATE with what none of the
 *     changes carried left UNCHANGED; null for DELETE and NOTHING
 */
record NetChange(Kind kind, RowImage row) {

    enum Kind {
        /** No row was there; one is now. */
        INSERT,
        /** The row was there and still is. */
        UPDATE,
        /** The row was there and is gone. */
        DELETE,
        /** The row was there, was deleted, and another one is there now. */
        REPLACE,
        /** No row was there, and none is. */
        NOTHING
    }

    private static final NetChange DELETED = new NetChange(Kind.DELETE, null);
    private static final NetChange NOTHING = new NetChange(Kind.NOTHING, null);

    /** The first change of a key; {@code after} is null for DELETE. */
    static NetChange of(Operation operation, RowImage after) {
        return switch (operation) {
            case INSERT -> new NetChange(Kind.INSERT, after);
            case UPDATE -> new NetChange(Kind.UPDATE, after);
            case DELETE -> DELETED;
            case TRUNCATE -> throw new IllegalArgumentException("TRUNCATE has no key");
        };
    }

    /** This and one more change; empty when the one can't follow the other. */
    Optional<NetChange> then(Operation operation, RowImage after) {
        boolean there = kind == Kind.INSERT || kind == Kind.UPDATE || kind == Kind.REPLACE;
        if (there == (operation == Operation.INSERT)) {
            return Optional.empty();
        }
        return Optional.of(
                switch (operation) {
                    case INSERT ->
                            new NetChange(kind == Kind.DELETE ? Kind.REPLACE : Kind.INSERT, after);
                    case UPDATE -> new NetChange(kind, after.over(row));
                    case DELETE -> kind == Kind.INSERT ? NOTHING : DELETED;
                    case TRUNCATE -> throw new IllegalArgumentException("TRUNCATE has no key");
                });
    }
}
