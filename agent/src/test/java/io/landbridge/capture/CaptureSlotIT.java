package io.landbridge.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.offsets.Lsn;
import io.landbridge.testkit.Servers;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CaptureSlotIT {

    /** The moment between our check and Debezium's start: it would make a new one by default. */
    @Test
    void debeziumItselfMakesNoSlot() {
        try (CaptureFixture fixture =
                new CaptureFixture(Servers.source().freshDatabase(), "CREATE TABLE a (id int)")) {
            fixture.database.execute(
                    "SELECT pg_drop_replication_slot('" + fixture.log.name() + "')");
            CaptureSession session =
                    new CaptureSession(
                            EngineProperties.of(fixture.source, fixture.log, 60_000),
                            new CaptureSession.Receiver() {
                                @Override
                                public void message(ByteBuffer message) {
                                    throw new AssertionError("it streams");
                                }

                                @Override
                                public Optional<Lsn> transactionEnd() {
                                    return Optional.empty();
                                }
                            });
            assertThat(session.run()).isNotNull();
            assertThat(fixture.log.slot()).isEmpty();
        }
    }
}
