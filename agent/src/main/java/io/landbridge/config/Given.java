package io.landbridge.config;

/**
 * A value as the user gave it, and where.
 *
 * @param text placeholders replaced; empty counts as not given
 * @param where {@code line 12}, {@code environment SOURCE_DB_URL}, {@code option --source-db}
 * @param line in the file; 0 when it came from elsewhere
 */
record Given(String text, String where, int line) {

    static Given inFile(String text, int line) {
        return new Given(text, "line " + line, line);
    }
}
