package io.landbridge.schema.structure;

/** What of a table's structure an item speaks of, and what a difference in it means. */
public enum Aspect {
    COLUMN(true, false),
    /** Values of other types are told by the assessment and by the comparison of rows. */
    TYPE(false, false),
    NOT_NULL(true, false),
    /** Default, identity or generation of a column. */
    DEFAULT(true, true),
    /** Primary key, unique, foreign key, check, exclusion. */
    CONSTRAINT(true, true),
    UNIQUE_INDEX(true, true),
    /** Costs time, but no data. */
    INDEX(false, false),
    TRIGGER(true, true),
    SEQUENCE(true, true),
    OWNER(false, false),
    GRANT(false, false);

    private final boolean neededAtTarget;
    private final boolean mustBeAlike;

    Aspect(boolean neededAtTarget, boolean mustBeAlike) {
        this.neededAtTarget = neededAtTarget;
        this.mustBeAlike = mustBeAlike;
    }

    /** Whether the target would take writes that the source refuses, or change them otherwise. */
    boolean blocks(StructureDifference.Kind kind) {
        return switch (kind) {
            case MISSING -> neededAtTarget;
            case DIFFERENT -> mustBeAlike;
            case EXTRA -> false;
        };
    }

    /** Whether it belongs to a column, so that it says nothing where the column is missing. */
    boolean isOfColumn() {
        return this == TYPE || this == NOT_NULL || this == DEFAULT;
    }
}
