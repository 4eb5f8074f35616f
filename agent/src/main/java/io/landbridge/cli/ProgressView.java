package io.landbridge.cli;

import io.landbridge.phase.MigrationStatus;
import java.time.Duration;

/** Shows a person how far the migration is; called by one thread. */
interface ProgressView {

    /** For services: the log, the metrics and the page tell. */
    ProgressView NONE =
            new ProgressView() {
                @Override
                public void show(MigrationStatus status) {}

                @Override
                public Duration interval() {
                    return Duration.ofHours(1);
                }
            };

    void show(MigrationStatus status);

    /** How long to wait between two. */
    Duration interval();
}
