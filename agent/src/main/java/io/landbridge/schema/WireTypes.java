package io.landbridge.schema;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Which types PostgreSQL's binary COPY carries between two servers of different versions without
 * changing a bit. An allow-list: built-in scalars whose binary form has been the same since version
 * 12 or longer and holds no OID of a user's object; arrays of them; enums, whose binary form is
 * their label; domains over all these. Whatever isn't listed goes as text.
 *
 * <p>Made for one database; immutable.
 *
 * @see <a href="https://www.postgresql.org/docs/17/sql-copy.html#SQL-COPY-FILE-FORMATS">COPY</a>
 */
public final class WireTypes {

    private static final String ENUM = "an enum";

    /** As {@code format_type} spells them, without modifiers. */
    private static final Set<String> STABLE =
            Set.of(
                    "boolean",
                    "smallint",
                    "integer",
                    "bigint",
                    "real",
                    "double precision",
                    "numeric",
                    "money",
                    "text",
                    "character varying",
                    "character",
                    "\"char\"",
                    "name",
                    "bytea",
                    "uuid",
                    "date",
                    "time without time zone",
                    "time with time zone",
                    "timestamp without time zone",
                    "timestamp with time zone",
                    "interval",
                    "json",
                    "jsonb",
                    "inet",
                    "cidr",
                    "macaddr",
                    "macaddr8",
                    "bit",
                    "bit varying",
                    "oid",
                    "pg_lsn",
                    "point",
                    "line",
                    "lseg",
                    "box",
                    "path",
                    "polygon",
                    "circle");

    private final Map<String, String> ofUsers;

    private WireTypes(Map<String, String> ofUsers) {
        this.ofUsers = Map.copyOf(ofUsers);
    }

    /** Reads the enums and domains of a database, under an empty or pg_catalog search path. */
    public static WireTypes read(Connection connection) throws SQLException {
        Map<String, String> types = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery(
                                "SELECT format_type(oid, NULL), typtype,"
                                        + " format_type(typbasetype, NULL)"
                                        + " FROM pg_type WHERE typtype IN ('e', 'd')")) {
            while (rows.next()) {
                types.put(
                        rows.getString(1),
                        rows.getString(2).equals("e") ? ENUM : rows.getString(3));
            }
        }
        return new WireTypes(types);
    }

    /**
     * Whether values of {@code here}, a type of this database, can go in binary to {@code there}, a
     * type of the other one.
     *
     * @param here as in {@link Column#type}
     */
    public boolean sameBinary(String here, WireTypes other, String there) {
        String mine = form(here);
        return mine.equals(other.form(there)) && (mine.equals(ENUM) || isStable(mine));
    }

    private static boolean isStable(String form) {
        return STABLE.contains(form.endsWith("[]") ? form.substring(0, form.length() - 2) : form);
    }

    private String form(String type) {
        String form = unmodified(type);
        for (String base = ofUsers.get(form); base != null; base = ofUsers.get(form)) {
            form = base;
        }
        return form;
    }

    /** {@code timestamp(3) without time zone} becomes {@code timestamp without time zone}. */
    private static String unmodified(String type) {
        if (type.indexOf('"') >= 0 && !type.startsWith("\"char\"")) {
            return type;
        }
        String bare = type.replaceAll("\\([^)]*\\)", "");
        if (bare.startsWith("interval")) {
            return bare.endsWith("[]") ? "interval[]" : "interval";
        }
        return bare;
    }
}
