package io.landbridge.schema;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Queries that are long enough to live in files of their own. */
final class SqlResource {

    private SqlResource() {}

    /** The text of {@code ddl/NAME.sql} beside this class. */
    static String ddl(String name) {
        try (InputStream in = SqlResource.class.getResourceAsStream("ddl/" + name + ".sql")) {
            if (in == null) {
                throw new IllegalStateException("ddl/" + name + ".sql is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("reading ddl/" + name + ".sql", e);
        }
    }
}
