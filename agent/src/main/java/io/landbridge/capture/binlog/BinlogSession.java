package io.landbridge.capture.binlog;

import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.landbridge.capture.EngineRun;
import io.landbridge.capture.EventReceiver;
import io.landbridge.capture.LogSession;
import io.landbridge.capture.handover.BinlogHandover;
import io.landbridge.fault.Fault;
import io.landbridge.offsets.BinlogPosition;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;

/**
 * One run of Debezium's engine in this process over a MySQL source, from a place in the log on;
 * events arrive on the client's thread.
 */
public final class BinlogSession implements LogSession {

    private final String name;
    private final EngineRun engine;
    private final BinlogStream stream;

    private volatile Throwable failure;

    public BinlogSession(
            Map<String, String> engineProperties, BinlogPosition start, EventReceiver receiver) {
        Properties properties = new Properties();
        properties.putAll(engineProperties);
        this.name = properties.getProperty("topic.prefix");
        this.stream = new BinlogStream(start, receiver);
        this.engine =
                new EngineRun(
                        DebeziumEngine.create(Connect.class)
                                .using(properties)
                                .using((success, message, error) -> failure = error)
                                .notifying(
                                        (records, committer) -> {
                                            // Nothing goes through the engine: events were handed
                                            // over.
                                            committer.markBatchFinished();
                                        })
                                .build());
    }

    @Override
    public Throwable run() {
        BinlogHandover.Receiver taking = stream::read;
        BinlogHandover.SESSIONS.open(name, taking);
        try {
            engine.run();
        } finally {
            BinlogHandover.SESSIONS.close(name, taking);
            stream.close();
        }
        // What our own code threw counts more than what Debezium made of it.
        return stream.failure() != null ? stream.failure() : failure;
    }

    @Override
    public Duration silence() {
        return stream.silence();
    }

    @Override
    public void breakOff(Fault why) {
        stream.breakOff(why);
        close();
    }

    @Override
    public void skip() {
        engine.skip();
    }

    @Override
    public void close() {
        stream.end();
        engine.close();
    }
}
