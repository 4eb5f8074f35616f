package io.landbridge.target;

/**
 * A column as it is written to.
 *
 * @param name as stored
 * @param cast the type that a text value is cast to before it is assigned or compared: of a domain
 *     its base, and always without a length, so that the assignment refuses what an explicit cast
 *     would cut off in silence
 * @param equals the operator that tells whether two values are equal, spelled so that it is found
 *     whatever schema it lives in
 * @param generated whether the database computes it: never written
 * @param alwaysIdentity whether it is GENERATED ALWAYS AS IDENTITY: inserts may override it,
 *     updates may not set it
 * @param exact whether two values are equal by {@code =} only when their texts are
 */
public record PostgresColumn(
        String name,
        String cast,
        String equals,
        boolean generated,
        boolean alwaysIdentity,
        boolean exact) {}
