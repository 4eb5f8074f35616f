package io.landbridge.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.config.TransportConfig.Acknowledge;
import io.landbridge.offsets.Lsn;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.PostgresServer;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the source is told that it may forget. */
class CaptureAcknowledgeIT {

    private static CaptureFixture fixture(TestDatabase database) {
        return new CaptureFixture(database, "CREATE TABLE a (id int PRIMARY KEY)");
    }

    @ParameterizedTest
    @ValueSource(ints = {12, 14, 17})
    void bufferedNeverPassesWhatIsForced(int major) {
        try (CaptureFixture fixture = fixture(Servers.postgres(major).freshDatabase())) {
            fixture.start();
            for (int i = 0; i < 20; i++) {
                fixture.database.execute("INSERT INTO a VALUES (" + i + ")");
                Lsn confirmed = fixture.confirmed();
                SourcePosition forced = fixture.buffer.forced().orElse(fixture.start);
                assertThat(forced.covers(confirmed)).isTrue();
            }
            fixture.drain();
            SourcePosition last = fixture.buffer.last().orElseThrow();
            Await.until(
                    "the slot moved to what was forced",
                    CaptureFixture.SOON,
                    () -> fixture.confirmed().covers(last));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {12, 14, 17})
    void appliedNeverPassesWhatIsApplied(int major) {
        try (CaptureFixture fixture = fixture(Servers.postgres(major).freshDatabase())) {
            fixture.start(Acknowledge.APPLIED, fixture.start);
            fixture.database.execute("INSERT INTO a VALUES (1)");
            fixture.drain();
            SourcePosition first = fixture.buffer.last().orElseThrow();
            beats(fixture, 3);
            assertThat(fixture.confirmed()).isEqualTo(fixture.start);

            fixture.capture.acknowledge(first);
            Await.until(
                    "the slot moved", CaptureFixture.SOON, () -> fixture.confirmed().equals(first));
            beats(fixture, 3);
            assertThat(fixture.confirmed()).isEqualTo(first);

            // A switch to BUFFERED lets it move by itself; back to APPLIED it stands again.
            fixture.capture.setAcknowledge(Acknowledge.BUFFERED);
            Await.until(
                    "the slot moved by itself",
                    CaptureFixture.SOON,
                    () -> fixture.confirmed().isAfter(first));
            fixture.capture.setAcknowledge(Acknowledge.APPLIED);
            beats(fixture, 1);
            Lsn told = (Lsn) fixture.capture.status().acknowledged().orElseThrow();
            beats(fixture, 3);
            assertThat(told.covers(fixture.confirmed())).isTrue();
            assertThat(fixture.capture.status().acknowledged()).contains(told);
        }
    }

    /** Waits for heartbeats to come through: chances to move that must not be taken. */
    private static void beats(CaptureFixture fixture, int count) {
        for (int i = 0; i < count; i++) {
            SourcePosition now = fixture.capture.status().captured().orElseThrow();
            Await.until(
                    "a heartbeat came through",
                    CaptureFixture.SOON,
                    () -> fixture.capture.status().captured().orElseThrow().isAfter(now));
        }
    }

    @Test
    void aSlotOfAnIdleDatabaseMovesPastWhatOthersWrite() {
        // A small limit shows that the log is really let go of.
        try (PostgresServer server =
                PostgresServer.start(14, Map.of("max_wal_size", "32MB", "min_wal_size", "32MB"))) {
            TestDatabase other = server.freshDatabase();
            try (CaptureFixture fixture = fixture(server.freshDatabase())) {
                fixture.start();
                other.execute(
                        "CREATE TABLE busy AS SELECT g, repeat('x', 500) FROM"
                                + " generate_series(1, 100000) g");
                Lsn behind = fixture.log.currentPosition();
                Await.until(
                        "the slot passed the other database's log",
                        CaptureFixture.SOON,
                        () -> fixture.confirmed().isAfter(behind));
                other.execute("CHECKPOINT");
                Await.until(
                        "the log is let go of",
                        CaptureFixture.SOON,
                        () -> fixture.log.retention().bytes() < 32 << 20);
            }
        }
    }
}
