package io.landbridge.dms;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import java.util.Map;

/** How a replication task does its work, in DMS's JSON. */
final class TaskSettings {

    /**
     * What a move needs that can be trusted: changes in the order of the source's commits, whole
     * values, no table that is given up in silence, no validation beside our own. Emptied before
     * the load are only tables that we made or found empty.
     */
    private static final String OURS =
            """
            {
              "TargetMetadata": {
                "BatchApplyEnabled": false,
                "SupportLobs": true,
                "FullLobMode": true,
                "LobChunkSize": 64
              },
              "FullLoadSettings": {
                "TargetTablePrepMode": "TRUNCATE_BEFORE_LOAD",
                "StopTaskCachedChangesApplied": false,
                "StopTaskCachedChangesNotApplied": false
              },
              "ChangeProcessingDdlHandlingPolicy": {
                "HandleSourceTableDropped": false,
                "HandleSourceTableTruncated": true,
                "HandleSourceTableAltered": false
              },
              "ErrorBehavior": {
                "DataErrorPolicy": "STOP_TASK",
                "DataTruncationErrorPolicy": "STOP_TASK",
                "TableErrorPolicy": "STOP_TASK",
                "ApplyErrorDeletePolicy": "STOP_TASK",
                "ApplyErrorInsertPolicy": "STOP_TASK",
                "ApplyErrorUpdatePolicy": "STOP_TASK",
                "FullLoadIgnoreConflicts": false
              },
              "ValidationSettings": {"EnableValidation": false},
              "Logging": {"EnableLogging": true}
            }""";

    private static final ObjectMapper JSON = new ObjectMapper();

    private TaskSettings() {}

    /** Ours with {@code others}, a JSON object or nothing, laid over them. */
    static String with(String others) {
        ObjectNode settings = (ObjectNode) read(OURS);
        if (!others.isEmpty()) {
            lay((ObjectNode) read(others), settings);
        }
        return settings.toString();
    }

    private static void lay(ObjectNode over, ObjectNode under) {
        for (Map.Entry<String, JsonNode> one : over.properties()) {
            JsonNode there = under.get(one.getKey());
            if (there instanceof ObjectNode section && one.getValue() instanceof ObjectNode part) {
                lay(part, section);
            } else {
                under.set(one.getKey(), one.getValue());
            }
        }
    }

    /**
     * Whether changes are applied in the order of the source's commits. In batches they are not,
     * and a marker that has arrived says nothing of what was written before it.
     *
     * @param settings of a task; empty when DMS doesn't tell
     */
    static boolean keepsOrder(String settings) {
        return settings.isEmpty()
                || !read(settings).path("TargetMetadata").path("BatchApplyEnabled").asBoolean();
    }

    private static JsonNode read(String settings) {
        try {
            return JSON.readTree(settings);
        } catch (JsonProcessingException e) {
            throw Fault.of(
                    FaultCode.DMS_TASK,
                    "the task's settings are no JSON: " + e.getOriginalMessage(),
                    e);
        }
    }
}
