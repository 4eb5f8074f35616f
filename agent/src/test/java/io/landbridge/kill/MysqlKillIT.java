package io.landbridge.kill;

import io.landbridge.testkit.MysqlServer;
import io.landbridge.testkit.Servers;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** As {@link KillIT}, from MySQL without GTIDs; the soak kills one with them. */
class MysqlKillIT {

    @Test
    void nothingIsLostOrDoubledOverThreeKills() {
        try (MysqlServer server = MysqlServer.start(Map.of("gtid-mode", "OFF"))) {
            new KillRun(
                            new KillRun.Plan(
                                    3,
                                    4_000,
                                    5_000,
                                    4,
                                    60,
                                    Duration.ofMillis(1500),
                                    20261122,
                                    """
                                    load:
                                      chunk-rows: 1000
                                      throttle: 512KiB
                                    apply:
                                      batch-rows: 500
                                    """),
                            KillScene.mysql(server),
                            Servers.target().freshDatabase(),
                            line -> {})
                    .run();
        }
    }
}
