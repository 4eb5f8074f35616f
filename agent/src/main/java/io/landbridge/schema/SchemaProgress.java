package io.landbridge.schema;

import java.util.List;

/**
 * How far the target's schema is.
 *
 * @param doing what is being made now, for people: {@code indexes}, {@code constraints}
 * @param done statements that ended, since the plan began
 * @param total statements in the plan up to the end of this step of the migration
 * @param running the objects being made at this moment
 */
public record SchemaProgress(String doing, int done, int total, List<String> running) {
    public SchemaProgress {
        running = List.copyOf(running);
    }
}
