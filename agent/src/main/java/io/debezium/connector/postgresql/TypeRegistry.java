package io.debezium.connector.postgresql;

import io.debezium.connector.postgresql.connection.PostgresConnection;
import io.landbridge.capture.handover.StandIn;
import java.util.Map;

/**
 * Stands in for Debezium's registry of the same name, ahead of it on the class path: knows no type.
 * Values pass through Debezium as bytes, so nobody asks; and Debezium's own fails on databases with
 * a domain over an enum, or an enum without labels, whatever tables are captured.
 */
public class TypeRegistry implements StandIn {

    /** An oid that no type has. */
    private static final int NONE = Integer.MIN_VALUE;

    public TypeRegistry(PostgresConnection connection) {}

    public PostgresType get(int oid) {
        return PostgresType.UNKNOWN;
    }

    public PostgresType get(String name) {
        return PostgresType.UNKNOWN;
    }

    public PostgresType get(String schema, String name) {
        return PostgresType.UNKNOWN;
    }

    public Map<String, PostgresType> getRegisteredTypes() {
        return Map.of();
    }

    public static String normalizeTypeName(String name) {
        return name;
    }

    public int geometryOid() {
        return NONE;
    }

    public int geographyOid() {
        return NONE;
    }

    public int citextOid() {
        return NONE;
    }

    public int hstoreOid() {
        return NONE;
    }

    public int ltreeOid() {
        return NONE;
    }

    public int isbnOid() {
        return NONE;
    }

    public int isbn() {
        return NONE;
    }

    public int vectorOid() {
        return NONE;
    }

    public int halfVectorOid() {
        return NONE;
    }

    public int sparseVectorOid() {
        return NONE;
    }

    public int tsVectorOid() {
        return NONE;
    }

    public int hstoreArrayOid() {
        return NONE;
    }

    public int geometryArrayOid() {
        return NONE;
    }

    public int geographyArrayOid() {
        return NONE;
    }

    public int citextArrayOid() {
        return NONE;
    }

    public int ltreeArrayOid() {
        return NONE;
    }
}
