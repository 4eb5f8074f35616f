package io.landbridge.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.change.Change;
import io.landbridge.change.Operation;
import io.landbridge.change.SourceEvent;
import io.landbridge.testkit.Servers;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresCaptureIT {

    @ParameterizedTest
    @ValueSource(ints = {12, 14, 17})
    void transactionsArriveWholeAndInOrder(int major) {
        try (CaptureFixture fixture =
                new CaptureFixture(
                        Servers.postgres(major).freshDatabase(),
                        "CREATE TABLE a (id int PRIMARY KEY, v text)")) {
            fixture.database.execute("INSERT INTO a VALUES (1, 'before the start')");
            fixture.start();
            fixture.database.execute(
                    "BEGIN; INSERT INTO a VALUES (2, NULL); UPDATE a SET v = '' WHERE id = 2;"
                            + " UPDATE a SET id = 3 WHERE id = 2; DELETE FROM a WHERE id = 1;"
                            + " COMMIT",
                    "TRUNCATE a");
            fixture.drain();
            List<Change> changes = fixture.buffer.changes();
            assertThat(changes.stream().map(Change::operation))
                    .containsExactly(
                            Operation.INSERT,
                            Operation.INSERT,
                            Operation.UPDATE,
                            Operation.UPDATE,
                            Operation.DELETE,
                            Operation.TRUNCATE);
            assertThat(fixture.buffer.events().get(0)).isInstanceOf(SourceEvent.Begin.class);
        }
    }
}
