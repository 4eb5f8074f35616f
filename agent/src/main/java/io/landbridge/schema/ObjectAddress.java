package io.landbridge.schema;

/**
 * An object of a PostgreSQL database, as {@code pg_depend} names it.
 *
 * @param catalogue OID of the catalogue that it is in
 * @param oid its own OID
 */
record ObjectAddress(long catalogue, long oid) {

    static final ObjectAddress NONE = new ObjectAddress(0, 0);

    private static final long PG_CLASS = 1259;

    static ObjectAddress relation(long oid) {
        return new ObjectAddress(PG_CLASS, oid);
    }
}
