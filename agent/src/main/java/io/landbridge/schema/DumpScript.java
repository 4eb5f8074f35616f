package io.landbridge.schema;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * What pg_restore writes, run over a connection of ours, so that it joins a transaction. Its
 * settings for the session are left out: a newer pg_restore sets what an older server does not
 * know.
 */
final class DumpScript {

    private static final int CHUNK = 1 << 16;
    private static final byte[] END_OF_ROWS = "\\.".getBytes(StandardCharsets.UTF_8);
    private static final String ROWS = " FROM stdin;";

    private DumpScript() {}

    /** Its lines, without those that mean something to psql only. */
    static Stream<String> lines(InputStream script) {
        return new BufferedReader(new InputStreamReader(script, StandardCharsets.UTF_8))
                .lines()
                .filter(
                        line ->
                                !line.startsWith("\\restrict ")
                                        && !line.startsWith("\\unrestrict "));
    }

    /** Runs a section of definitions. */
    static void define(InputStream script, Connection connection) throws SQLException {
        String statements =
                lines(script)
                        .dropWhile(line -> !line.startsWith("-- Name: "))
                        .collect(Collectors.joining("\n"));
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(statements);
        }
    }

    /**
     * Runs the section of rows.
     *
     * @throws SQLException what the server refused
     */
    static void fill(InputStream script, Connection connection) throws IOException, SQLException {
        InputStream in = new BufferedInputStream(script, CHUNK);
        StringBuilder statement = new StringBuilder();
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (readLine(in, line)) {
            String text = line.toString(StandardCharsets.UTF_8);
            if (statement.isEmpty() && !text.startsWith("COPY ")) {
                // Sequences are set by their columns; settings are ours.
                continue;
            }
            statement.append(statement.isEmpty() ? "" : "\n").append(text);
            if (text.endsWith(ROWS)) {
                copy(statement.substring(0, statement.length() - 1), in, line, connection);
                statement.setLength(0);
            }
        }
    }

    private static void copy(
            String sql, InputStream in, ByteArrayOutputStream line, Connection connection)
            throws IOException, SQLException {
        CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
        try {
            ByteArrayOutputStream chunk = new ByteArrayOutputStream(CHUNK + 1024);
            while (readLine(in, line)) {
                if (line.size() == END_OF_ROWS.length && isEnd(line.toByteArray())) {
                    copy.writeToCopy(chunk.toByteArray(), 0, chunk.size());
                    copy.endCopy();
                    return;
                }
                line.writeTo(chunk);
                chunk.write('\n');
                if (chunk.size() >= CHUNK) {
                    copy.writeToCopy(chunk.toByteArray(), 0, chunk.size());
                    chunk.reset();
                }
            }
            throw new IOException("the rows of the snapshot end too early");
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    private static boolean isEnd(byte[] line) {
        return line[0] == END_OF_ROWS[0] && line[1] == END_OF_ROWS[1];
    }

    /** Reads up to the next line end into {@code line}; false when there is nothing more. */
    private static boolean readLine(InputStream in, ByteArrayOutputStream line) throws IOException {
        line.reset();
        int read = in.read();
        if (read < 0) {
            return false;
        }
        while (read >= 0 && read != '\n') {
            line.write(read);
            read = in.read();
        }
        return true;
    }
}
