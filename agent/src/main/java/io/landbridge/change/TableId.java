package io.landbridge.change;

/**
 * A table's name as the database stores it: unquoted, case kept.
 *
 * @param schema PostgreSQL's schema, MySQL's database; never empty
 * @param name never empty
 */
public record TableId(String schema, String name) implements Comparable<TableId> {

    public TableId {
        if (schema.isEmpty() || name.isEmpty()) {
            throw new IllegalArgumentException("a table needs a schema and a name");
        }
    }

    @Override
    public int compareTo(TableId other) {
        int bySchema = schema.compareTo(other.schema);
        return bySchema != 0 ? bySchema : name.compareTo(other.name);
    }

    /** {@code schema.name}, for people; SQL needs the dialect's quoting instead. */
    @Override
    public String toString() {
        return schema + "." + name;
    }
}
