package io.landbridge.jdbc;

/** Which end of the migration a database is. */
public enum Side {
    SOURCE,
    TARGET
}
