package io.landbridge.connect;

import io.debezium.config.Configuration;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * One run of a task: the log's messages as Connect's records.
 *
 * <p>What Connect remembers of them says whose they are, and nothing that anybody starts from: a
 * run starts where the agent says, or where the source's slot is.
 */
final class LogRecords {

    /** Whose property it is; the task needs no more from the agent. */
    static final String SESSION = "landbridge.session";

    static final String TOPIC = "landbridge.topic";

    private static final long WAIT_MILLIS = 100;

    private final Map<String, String> partition;
    private final Map<String, String> offset;
    private final String topic;
    private final UUID session;
    private final UUID run = UUID.randomUUID();
    private final LogPipe pipe = new LogPipe();
    private long number;

    LogRecords(Configuration config) {
        String asked = config.getString(SESSION);
        this.session = UUID.fromString(asked);
        this.topic = config.getString(TOPIC);
        this.partition = Map.of("landbridge", config.getString("topic.prefix"));
        this.offset = Map.of("session", asked);
    }

    /** Takes a message, on the thread that reads the log; waits while Kafka is slow. */
    void put(ByteBuffer message) throws InterruptedException {
        pipe.put(message);
    }

    /** The next records, for Connect's thread. */
    List<SourceRecord> poll() throws InterruptedException {
        List<SourceRecord> records = new ArrayList<>();
        for (byte[] value : pipe.take(WAIT_MILLIS)) {
            records.add(
                    new SourceRecord(
                            partition,
                            offset,
                            topic,
                            0,
                            null,
                            new RawRecords(session, run, number++).key(),
                            null,
                            value));
        }
        return records;
    }
}
