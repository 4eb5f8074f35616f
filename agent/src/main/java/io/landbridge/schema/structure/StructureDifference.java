package io.landbridge.schema.structure;

import io.landbridge.change.TableId;

/**
 * Something that is not the same on both sides.
 *
 * @param blocks whether the target would keep less order than the source; the rest is worth a look
 * @param source what the source has; empty when it is EXTRA
 * @param target what the target has; empty when it is MISSING
 */
public record StructureDifference(
        TableId table,
        Aspect aspect,
        Kind kind,
        String name,
        boolean blocks,
        String source,
        String target) {

    /** The same for those whom it should not stop. */
    public StructureDifference asNote() {
        return new StructureDifference(table, aspect, kind, name, false, source, target);
    }

    /** What is wrong with the target. */
    public enum Kind {
        MISSING,
        EXTRA,
        DIFFERENT
    }
}
