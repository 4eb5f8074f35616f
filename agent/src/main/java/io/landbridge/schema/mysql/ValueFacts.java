package io.landbridge.schema.mysql;

/**
 * What is known of a column's values, where its type depends on them.
 *
 * @param onlyBooleans whether all are 0, 1 or NULL
 * @param onlyTimesOfDay whether none is negative, or 24 hours or more
 */
record ValueFacts(boolean onlyBooleans, boolean onlyTimesOfDay) {

    /** Nothing is known: the wider type is taken. */
    static final ValueFacts UNKNOWN = new ValueFacts(false, false);
}
