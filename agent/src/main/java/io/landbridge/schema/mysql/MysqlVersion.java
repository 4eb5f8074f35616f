package io.landbridge.schema.mysql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server's version.
 *
 * @param text as the server says it: {@code 8.0.31}
 */
public record MysqlVersion(int major, int minor, int patch, String text) {

    private static final Pattern FORM = Pattern.compile("(\\d+)\\.(\\d+)\\.(\\d+).*");

    /** The version of the server at the other end of {@code connection}. */
    public static MysqlVersion of(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT version()")) {
            row.next();
            String text = row.getString(1);
            Matcher numbers = FORM.matcher(text);
            if (!numbers.matches()) {
                throw new SQLException("the server says its version is '" + text + "'");
            }
            return new MysqlVersion(
                    Integer.parseInt(numbers.group(1)),
                    Integer.parseInt(numbers.group(2)),
                    Integer.parseInt(numbers.group(3)),
                    text);
        }
    }

    /** Whether this is that version or a later one. */
    public boolean isAtLeast(int wantedMajor, int wantedMinor, int wantedPatch) {
        if (major != wantedMajor) {
            return major > wantedMajor;
        }
        return minor != wantedMinor ? minor > wantedMinor : patch >= wantedPatch;
    }
}
