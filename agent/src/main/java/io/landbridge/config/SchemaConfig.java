package io.landbridge.config;

/**
 * Section {@code schema}.
 *
 * @param mode whether absent target tables are created, or all must be there
 * @param rebuildIndexes whether secondary indexes and foreign keys that a target table has already
 *     may be dropped for the load and made again from their own definitions
 * @param setReplicaIdentity whether source tables without a key may be set to REPLICA IDENTITY FULL
 * @param pgDump path of pg_dump; empty: looked for on the PATH and in PostgreSQL's usual places;
 *     {@link #NO_PG_DUMP}: never used
 * @param followDdl for a MySQL source: whether columns that are added to its tables are added to
 *     the target's, too
 * @param mapping for a MySQL source: names and types
 */
public record SchemaConfig(
        Mode mode,
        boolean rebuildIndexes,
        boolean setReplicaIdentity,
        String pgDump,
        boolean followDdl,
        MappingConfig mapping) {

    /** With nothing said about a MySQL source. */
    public SchemaConfig(
            Mode mode, boolean rebuildIndexes, boolean setReplicaIdentity, String pgDump) {
        this(mode, rebuildIndexes, setReplicaIdentity, pgDump, false, MappingConfig.DEFAULT);
    }

    /** In the place of a path: our own reading of the catalogue gives all DDL. */
    public static final String NO_PG_DUMP = "none";

    /** What to do about a target table that is absent. */
    public enum Mode {
        CREATE,
        EXISTING
    }
}
