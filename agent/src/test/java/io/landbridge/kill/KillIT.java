package io.landbridge.kill;

import io.landbridge.testkit.Servers;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * The short form: while copying, converging and following; {@code scripts/dev soak kill} is the
 * long one.
 */
class KillIT {

    @Test
    void nothingIsLostOrDoubledOverThreeKills() {
        new KillRun(
                        new KillRun.Plan(
                                3,
                                600,
                                5_000,
                                4,
                                60,
                                Duration.ofMillis(1500),
                                20260101,
                                """
                                load:
                                  chunk-rows: 2000
                                  throttle: 1MiB
                                apply:
                                  batch-rows: 500
                                """),
                        KillScene.postgres(Servers.source().freshDatabase()),
                        Servers.target().freshDatabase(),
                        line -> {})
                .run();
    }
}
