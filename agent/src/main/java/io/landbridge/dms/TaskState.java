package io.landbridge.dms;

import java.util.Set;

/**
 * What DMS says of a replication task.
 *
 * @param status in DMS's words: {@code creating}, {@code ready}, {@code running}, ...
 * @param migrationType in DMS's words: {@code full-load-and-cdc}, ...
 * @param mappings and {@code settings}: JSON; empty when DMS doesn't tell
 * @param started whether it has been started ever
 * @param stopReason and {@code failure}: in DMS's words; empty when there is none
 * @param loadedPercent of the full load
 * @param tablesErrored tables that DMS has given up
 */
public record TaskState(
        String arn,
        String identifier,
        String instanceArn,
        String status,
        String migrationType,
        String mappings,
        String settings,
        boolean started,
        String stopReason,
        String failure,
        int loadedPercent,
        int tablesErrored) {

    private static final Set<String> ON_THEIR_WAY =
            Set.of(
                    "creating",
                    "starting",
                    "stopping",
                    "deleting",
                    "modifying",
                    "testing",
                    "moving");

    public boolean isRunning() {
        return status.equals("running");
    }

    public boolean isFailed() {
        return status.equals("failed") || status.equals("failed-move");
    }

    /** Whether nothing moves, and nothing will unless it is started. */
    public boolean isAtRest() {
        return !isRunning() && !ON_THEIR_WAY.contains(status);
    }

    /** Whether it is stopped for another reason than that somebody asked for it. */
    boolean isBroken() {
        return isFailed() || (status.equals("stopped") && stopReason.contains("ERROR"));
    }

    /** For people. */
    public String describe() {
        String why = failure.isEmpty() ? stopReason : failure;
        return "replication task "
                + identifier
                + " is "
                + status
                + (why.isEmpty() ? "" : ": " + why);
    }
}
