package io.landbridge.config;

import java.time.Duration;

/**
 * Section {@code dms}: read when {@code migration.strategy} is {@code aws-dms}. Credentials come
 * from where AWS's own tools find them.
 *
 * @param region empty: the one that the ARNs name
 * @param endpoint where the services are asked; empty: AWS's own addresses
 * @param taskArn a replication task that is there already; empty: one is made of the three others
 * @param replicationInstanceArn where a task that is made runs
 * @param sourceEndpointArn what it reads
 * @param targetEndpointArn what it writes
 * @param settings of a task that is made: JSON that is laid over ours; empty for none
 * @param interval how often the task is asked how it is
 * @param patience how long AWS may take to start, stop or delete a task
 */
public record DmsConfig(
        String region,
        String endpoint,
        String taskArn,
        String replicationInstanceArn,
        String sourceEndpointArn,
        String targetEndpointArn,
        String settings,
        Duration interval,
        Duration patience) {

    /** Whether the task was there before us, and stays when we are done. */
    public boolean takesTask() {
        return !taskArn.isEmpty();
    }

    /** Any of the ARNs: all of one migration name the same region. */
    public String anyArn() {
        return takesTask() ? taskArn : replicationInstanceArn;
    }
}
