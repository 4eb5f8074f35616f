package io.landbridge.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.landbridge.config.DatabaseConfig.Kind;

/** Reads section {@code dms}. */
final class DmsSection {

    private static final String ARN =
            "arn:[a-z-]+:dms:[a-z0-9-]+:\\d{12}:[a-z]+:[A-Za-z0-9][A-Za-z0-9_-]*";

    private final Section section;
    private final Reading reading;

    DmsSection(Section section, Reading reading) {
        this.section = section;
        this.reading = reading;
    }

    DmsConfig read() {
        DmsConfig config =
                new DmsConfig(
                        section.text("region", ""),
                        section.value("endpoint", "", DmsSection::address),
                        section.value("task-arn", "", DmsSection::arn),
                        section.value("replication-instance-arn", "", DmsSection::arn),
                        section.value("source-endpoint-arn", "", DmsSection::arn),
                        section.value("target-endpoint-arn", "", DmsSection::arn),
                        section.value("settings", "", DmsSection::object),
                        section.duration("interval", "5s"),
                        section.duration("patience", "10m"));
        section.refuseUnknown();
        return config;
    }

    /** What must be there for a migration that DMS moves. */
    void check(DmsConfig dms, DatabaseConfig source) {
        boolean makes =
                !dms.replicationInstanceArn().isEmpty()
                        && !dms.sourceEndpointArn().isEmpty()
                        && !dms.targetEndpointArn().isEmpty();
        if (!dms.takesTask() && !makes) {
            reading.problems()
                    .add(
                            null,
                            "dms.task-arn",
                            "strategy aws-dms takes a task, or replication-instance-arn,"
                                    + " source-endpoint-arn and target-endpoint-arn to make one");
        }
        if (source.kind() == Kind.MYSQL) {
            reading.problems()
                    .add(null, "migration.strategy", "aws-dms moves from PostgreSQL only");
        }
    }

    private static String arn(String text) {
        return matching(text, ARN, " is no ARN of DMS, such as arn:aws:dms:REGION:ACCOUNT:task:ID");
    }

    private static String address(String text) {
        return matching(text, "https?://\\S+", " is no http:// or https:// URL");
    }

    private static String matching(String text, String form, String complaint) {
        if (!text.isEmpty() && !text.matches(form)) {
            throw new IllegalArgumentException("'" + text + "'" + complaint);
        }
        return text;
    }

    private static String object(String text) {
        try {
            if (text.isEmpty() || new ObjectMapper().readTree(text) instanceof ObjectNode) {
                return text;
            }
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON: " + e.getOriginalMessage(), e);
        }
        throw new IllegalArgumentException("no JSON object");
    }
}
