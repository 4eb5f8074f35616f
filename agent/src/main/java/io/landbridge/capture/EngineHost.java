package io.landbridge.capture;

import io.landbridge.offsets.BinlogPosition;
import io.landbridge.source.PostgresLog;
import java.util.Map;
import java.util.Optional;

/**
 * Where Debezium runs: in this process, or elsewhere. What it reads comes here as it is, and what
 * is made of it is the same.
 */
public interface EngineHost {

    /** In this process. */
    EngineHost HERE = new EngineHere();

    /**
     * Sees to it that nothing reads the log any more, whoever started it. To be called before the
     * log is checked for a session.
     *
     * @throws io.landbridge.fault.Fault when that can't be had; a passing one when that may change
     */
    void quiet();

    /**
     * A session over a PostgreSQL log, not started yet.
     *
     * @param engine what Debezium is told, as it is told in this process
     */
    LogSession postgres(PostgresLog log, Map<String, String> engine, MessageReceiver receiver);

    /**
     * A session over a MySQL log from {@code start} on, not started yet.
     *
     * @param engine what Debezium is told, as it is told in this process
     */
    LogSession mysql(BinlogPosition start, Map<String, String> engine, EventReceiver receiver);

    /** What is known of it; empty when it runs in this process. From any thread, without asking. */
    Optional<ConnectorStatus> connector();
}
