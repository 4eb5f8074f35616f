package io.debezium.connector.mysql;

import com.github.shyiko.mysql.binlog.BinaryLogClient;
import com.github.shyiko.mysql.binlog.event.Event;
import com.github.shyiko.mysql.binlog.event.EventType;
import com.github.shyiko.mysql.binlog.network.SSLMode;
import io.debezium.connector.binlog.BinlogConnectorConfig;
import io.debezium.connector.binlog.BinlogStreamingChangeEventSource;
import io.debezium.connector.binlog.jdbc.BinlogConnectorConnection;
import io.debezium.pipeline.ErrorHandler;
import io.debezium.pipeline.EventDispatcher;
import io.debezium.relational.TableId;
import io.debezium.snapshot.SnapshotterService;
import io.debezium.util.Clock;
import io.landbridge.capture.handover.BinlogHandover;
import io.landbridge.capture.handover.StandIn;
import java.util.function.Predicate;
import org.apache.kafka.connect.source.SourceConnector;

/**
 * Stands in for Debezium's class of the same name, ahead of it on the class path: lets Debezium set
 * the client of the binary log up, with its connection, its TLS and its server id, and then hands
 * the log's events over as they come, from the place that the session names. Why: {@code
 * agent/docs/adr}, "Raw events of the binary log through Debezium".
 */
public class MySqlStreamingChangeEventSource
        extends BinlogStreamingChangeEventSource<MySqlPartition, MySqlOffsetContext>
        implements StandIn {

    private final MySqlConnectorConfig config;
    private final BinlogHandover.Receiver receiver;
    private final BinaryLogClient client;

    public MySqlStreamingChangeEventSource(
            MySqlConnectorConfig config,
            BinlogConnectorConnection connection,
            EventDispatcher<MySqlPartition, TableId> dispatcher,
            ErrorHandler errors,
            Clock clock,
            MySqlTaskContext context,
            MySqlDatabaseSchema schema,
            MySqlStreamingChangeEventSourceMetrics metrics,
            SnapshotterService snapshots,
            BinaryLogClient client) {
        super(
                config,
                connection,
                dispatcher,
                errors,
                clock,
                context,
                schema,
                metrics,
                snapshots,
                client);
        this.config = config;
        this.receiver = BinlogHandover.receiver(config.getLogicalName());
        this.client = client;
    }

    @Override
    public void init(MySqlOffsetContext offset) {
        setEffectiveOffsetContext(offset == null ? MySqlOffsetContext.initial(config) : offset);
    }

    @Override
    public void execute(
            ChangeEventSourceContext context, MySqlPartition partition, MySqlOffsetContext offset)
            throws InterruptedException {
        receiver.stream(client, context::isRunning);
    }

    @Override
    protected SSLMode sslModeFor(BinlogConnectorConfig.SecureConnectionMode mode) {
        return SSLMode.valueOf(((Enum<?>) mode).name());
    }

    @Override
    protected Class<? extends SourceConnector> getConnectorClass() {
        return MySqlConnector.class;
    }

    @Override
    protected EventType getIncludeQueryEventType() {
        return EventType.ROWS_QUERY;
    }

    @Override
    protected EventType getGtidEventType() {
        return EventType.GTID;
    }

    @Override
    protected void handleGtidEvent(
            MySqlPartition partition,
            MySqlOffsetContext offset,
            Event event,
            Predicate<String> filter) {
        throw notUsed();
    }

    @Override
    protected void handleRecordingQuery(MySqlOffsetContext offset, Event event) {
        throw notUsed();
    }

    @Override
    protected void setEventTimestamp(Event event, long millis) {
        throw notUsed();
    }

    @Override
    protected void initializeGtidSet(String value) {
        throw notUsed();
    }

    /** All of these serve Debezium's own reading of events. */
    private static IllegalStateException notUsed() {
        return new IllegalStateException("events are handed over as they come");
    }
}
