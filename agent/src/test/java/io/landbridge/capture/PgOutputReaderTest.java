package io.landbridge.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landbridge.change.Change;
import io.landbridge.change.Operation;
import io.landbridge.change.SourceEvent;
import io.landbridge.change.TableId;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.offsets.Lsn;
import io.landbridge.schema.Column;
import io.landbridge.schema.Table;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The stream's messages, made by hand: what no server can be made to send on demand. */
class PgOutputReaderTest {

    private static final Table TABLE =
            new Table(
                    new TableId("public", "a"),
                    List.of(
                            new Column("id", "integer", true, false, Column.Identity.NONE),
                            new Column("v", "text", false, false, Column.Identity.NONE)),
                    List.of("id"),
                    Table.ReplicaIdentity.DEFAULT,
                    false,
                    false,
                    0,
                    0);

    private final List<SourceEvent> events = new ArrayList<>();
    private PgOutputReader reader = readerFrom(new Lsn(50));

    private PgOutputReader readerFrom(Lsn covered) {
        return new PgOutputReader(Map.of(TABLE.id(), TABLE), covered, events::add);
    }

    private static ByteBuffer message(Object... parts) {
        ByteBuffer out = ByteBuffer.allocate(10_000);
        for (Object part : parts) {
            if (part instanceof Character c) {
                out.put((byte) c.charValue());
            } else if (part instanceof Integer i) {
                out.putInt(i);
            } else if (part instanceof Long l) {
                out.putLong(l);
            } else if (part instanceof Short s) {
                out.putShort(s);
            } else if (part instanceof Byte b) {
                out.put(b);
            } else if (part instanceof String s) {
                out.put(s.getBytes(StandardCharsets.UTF_8)).put((byte) 0);
            } else {
                byte[] bytes = ((Text) part).value().getBytes(StandardCharsets.UTF_8);
                out.put((byte) 't').putInt(bytes.length).put(bytes);
            }
        }
        return out.flip();
    }

    private record Text(String value) {}

    private static ByteBuffer begin(long commitStart, int xid) {
        return message('B', commitStart, 0L, xid);
    }

    private static ByteBuffer commit(long start, long end) {
        return message('C', (byte) 0, start, end, 1_500_000L);
    }

    private static ByteBuffer relation() {
        return message(
                'R', 7, "public", "a", 'd', (short) 2, (byte) 1, "id", 23, -1, (byte) 0, "v", 25,
                -1);
    }

    private static ByteBuffer insert(String id, String value) {
        return message('I', 7, 'N', (short) 2, new Text(id), new Text(value));
    }

    private static ByteBuffer mark(int transactional, String content) {
        ByteBuffer out = ByteBuffer.allocate(1000);
        out.put(message('M', (byte) transactional, 1L, "landbridge", content.length()));
        out.put(content.getBytes(StandardCharsets.UTF_8));
        return out.flip();
    }

    private void send(ByteBuffer... messages) throws InterruptedException {
        for (ByteBuffer message : messages) {
            reader.read(message);
        }
    }

    @Test
    void givesOutWholeTransactions() throws InterruptedException {
        send(begin(60, -1), relation(), insert("1", "x"), mark(1, "here"), commit(60, 70));
        Change change = (Change) events.get(1);
        assertThat(change.operation()).isEqualTo(Operation.INSERT);
        assertThat(change.layout().keyOf(change.after()).values()).containsExactly("1");
        assertThat(events)
                .containsExactly(
                        new SourceEvent.Begin("4294967295", new Lsn(50)),
                        change,
                        new SourceEvent.Marker("landbridge", "here"),
                        new SourceEvent.Commit(
                                new Lsn(70), Instant.parse("2000-01-01T00:00:01.500Z"), 1));
    }

    @Test
    void dropsWhatIsCoveredAndChainsWhatIsNot() throws InterruptedException {
        send(begin(40, 1), relation(), insert("1", "old"), commit(40, 50));
        assertThat(events).isEmpty();
        send(begin(50, 2), insert("2", "new"), commit(50, 60));
        send(begin(60, 3), commit(60, 65));
        send(begin(65, 4), insert("3", "new"), commit(65, 70));
        assertThat(events.stream().filter(SourceEvent.Begin.class::isInstance))
                .containsExactly(
                        new SourceEvent.Begin("2", new Lsn(50)),
                        new SourceEvent.Begin("4", new Lsn(60)));
        assertThat(reader.position()).isEqualTo(new Lsn(70));
    }

    @Test
    void emptyTransactionsMoveThePositionOnly() throws InterruptedException {
        send(begin(60, 1), commit(60, 70));
        assertThat(events).isEmpty();
        assertThat(reader.position()).isEqualTo(new Lsn(70));
    }

    @Test
    void messagesOutsideTransactionsAreNobodys() throws InterruptedException {
        send(mark(0, "loose"), begin(60, 1), mark(1, "in"), commit(60, 70));
        assertThat(events).hasSize(3);
    }

    @Test
    void anUnchangedKeyOutOfLineIsRefused() throws InterruptedException {
        send(begin(60, 1), relation());
        ByteBuffer update = message('U', 7, 'N', (short) 2, 'u', new Text("x"));
        assertThatThrownBy(() -> send(update, commit(60, 70)))
                .isInstanceOfSatisfying(
                        Fault.class,
                        fault -> assertThat(fault.code()).isEqualTo(FaultCode.VALUE_UNSUPPORTED));
    }
}
