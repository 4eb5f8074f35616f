package io.landbridge.schema;

/**
 * A column as a catalogue describes it.
 *
 * @param name as stored
 * @param type the type's full SQL spelling with its modifiers, schema-qualified where it is not
 *     built in: what {@code format_type} gives under an empty search path
 * @param notNull whether NULL is refused
 * @param generated whether the database computes it: such a column is never written
 * @param identity whether it is GENERATED ALWAYS or BY DEFAULT AS IDENTITY
 */
public record Column(
        String name, String type, boolean notNull, boolean generated, Identity identity) {

    /** Identity columns, as SQL has them. */
    public enum Identity {
        NONE,
        ALWAYS,
        BY_DEFAULT
    }
}
