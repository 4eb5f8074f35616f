package io.landbridge.capture;

import io.landbridge.capture.binlog.BinlogSession;
import io.landbridge.offsets.BinlogPosition;
import io.landbridge.source.PostgresLog;
import java.util.Map;
import java.util.Optional;

/** Debezium's engine in this process. */
final class EngineHere implements EngineHost {

    /** What ran here ended with its session. */
    @Override
    public void quiet() {}

    @Override
    public LogSession postgres(
            PostgresLog log, Map<String, String> engine, MessageReceiver receiver) {
        return new CaptureSession(engine, receiver);
    }

    @Override
    public LogSession mysql(
            BinlogPosition start, Map<String, String> engine, EventReceiver receiver) {
        return new BinlogSession(engine, start, receiver);
    }

    @Override
    public Optional<ConnectorStatus> connector() {
        return Optional.empty();
    }
}
