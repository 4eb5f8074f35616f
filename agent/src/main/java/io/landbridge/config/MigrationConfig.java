package io.landbridge.config;

/**
 * Section {@code migration}.
 *
 * @param name names the slot, the publication, the progress rows: lower-case letters, digits and
 *     underscores, at most 40
 */
public record MigrationConfig(String name, Strategy strategy) {

    /** How the data moves. */
    public enum Strategy {
        /** Bulk load, then follow the source's log until cutover. */
        FULL_LOAD_CDC,
        /** Both sides are equal already: only follow the log. */
        CDC_ONLY,
        /** Bulk load only; the source is not being written to. */
        FULL_LOAD,
        /** AWS DMS loads and follows; we validate and cut over. */
        AWS_DMS
    }
}
