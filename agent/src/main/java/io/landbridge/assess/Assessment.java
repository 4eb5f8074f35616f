package io.landbridge.assess;

import io.landbridge.config.Configuration;
import io.landbridge.jdbc.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Looks at both sides and touches neither. */
public final class Assessment {

    private final Database source;
    private final Database target;
    private final Configuration config;

    public Assessment(Database source, Database target, Configuration config) {
        this.source = source;
        this.target = target;
        this.config = config;
    }

    public AssessmentReport run() {
        List<Finding> findings = new ArrayList<>();
        version(source.with("the assessment", Assessment::version), 12, "source", findings);
        version(target.with("the assessment", Assessment::version), 15, "target", findings);
        if (config.migration().strategy()
                != io.landbridge.config.MigrationConfig.Strategy.FULL_LOAD) {
            String level = source.with("the assessment", c -> setting(c, "wal_level"));
            if (!level.equals("logical")) {
                findings.add(
                        new Finding(
                                Severity.BLOCKER,
                                "WAL_LEVEL",
                                "wal_level",
                                "it is " + level + ", so the log can't be decoded",
                                "ALTER SYSTEM SET wal_level = logical, then restart the source"));
            }
        }
        return new AssessmentReport(Instant.now(), findings);
    }

    private static void version(int major, int least, String side, List<Finding> findings) {
        if (major < least) {
            findings.add(
                    new Finding(
                            Severity.BLOCKER,
                            "VERSION",
                            side,
                            "it is PostgreSQL " + major,
                            "the " + side + " must be PostgreSQL " + least + " or later"));
        }
    }

    private static int version(Connection connection) throws SQLException {
        return connection.getMetaData().getDatabaseMajorVersion();
    }

    private static String setting(Connection connection, String name) throws SQLException {
        try (var select = connection.prepareStatement("SELECT current_setting(?)")) {
            select.setString(1, name);
            try (var row = select.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }
}
