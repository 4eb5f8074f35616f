package io.landbridge.config;

/**
 * One key's effective value, for people.
 *
 * @param key its full name: {@code apply.batch-rows}
 * @param value as the file would spell it; a secret is masked
 * @param fallback the default, spelt likewise; empty when there is none
 * @param where it came from: {@code line 12}, {@code environment SOURCE_DB_URL}, {@code option
 *     --source-db} or {@code default}
 */
public record Setting(String key, String value, String fallback, String where) {

    public boolean isDefault() {
        return where.equals("default");
    }
}
