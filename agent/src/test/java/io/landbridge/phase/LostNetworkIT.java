package io.landbridge.phase;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.Migration;
import io.landbridge.config.Configuration;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.Proxy;
import io.landbridge.testkit.RowsOf;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Connections whose bytes vanish without any end: no error ever comes of waiting. */
@Timeout(240)
class LostNetworkIT {

    @TempDir Path stateDir;
    private final TestDatabase source = Servers.source().freshDatabase();
    private final TestDatabase target = Servers.target().freshDatabase();

    @Test
    void goesOnWhenConnectionsOfBothSidesAreLostWithoutAWord() throws Exception {
        source.execute(
                "create table t (id int primary key, v text)",
                "insert into t select g, 'before' from generate_series(1, 1000) g");
        try (Proxy near = new Proxy("127.0.0.1", source.server().port());
                Proxy far = new Proxy("127.0.0.1", target.server().port());
                Migration migration = Migration.open(configuration(near, far))) {
            assertThat(migration.runUntil(Until.CAUGHT_UP)).isTrue();
            CompletableFuture<Boolean> stopped = follow(migration);
            near.swallow();
            far.swallow();
            source.execute("update t set v = 'while the network was lost'");
            near.restore();
            far.restore();
            Await.until(
                    "the update is applied",
                    Duration.ofMinutes(2),
                    () ->
                            target.value("select count(*) from t where v like 'while%'")
                                    .equals("1000"));
            migration.stop();
            assertThat(stopped.get()).isFalse();
        }
        RowsOf.assertEqual(source, target);
    }

    private static CompletableFuture<Boolean> follow(Migration migration) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return migration.runUntil(Until.STOPPED);
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
    }

    private Configuration configuration(Proxy near, Proxy far) {
        return Configurations.of(
                near.through(source.config()), far.through(target.config()), "lost", stateDir);
    }
}
