package io.landbridge.capture.binlog;

import com.github.shyiko.mysql.binlog.event.Event;
import com.github.shyiko.mysql.binlog.event.EventHeaderV4;
import io.debezium.connector.mysql.MySqlStreamingChangeEventSource;
import io.landbridge.buffer.ChangeBuffer;
import io.landbridge.capture.Appending;
import io.landbridge.capture.Capture;
import io.landbridge.capture.CaptureLoop;
import io.landbridge.capture.CaptureStatus;
import io.landbridge.capture.ClassPathOrder;
import io.landbridge.capture.EngineHost;
import io.landbridge.capture.EventReceiver;
import io.landbridge.capture.Heartbeat;
import io.landbridge.capture.LogSession;
import io.landbridge.change.TableId;
import io.landbridge.config.DatabaseConfig;
import io.landbridge.config.TransportConfig.Acknowledge;
import io.landbridge.fault.Fault;
import io.landbridge.jdbc.MysqlDatabase;
import io.landbridge.offsets.BinlogPosition;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.schema.mysql.MappedTable;
import io.landbridge.source.MysqlLog;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a MySQL or MariaDB source: session after session, for MySQL of Debezium's engine, each
 * started at the place up to which everything is at the target or in the buffer, once the server
 * was asked whether it still has what follows. Nothing is remembered elsewhere.
 */
public final class MysqlCapture implements Capture {

    private static final Logger LOG = LoggerFactory.getLogger(MysqlCapture.class);
    private static final Duration HEARTBEAT = Duration.ofMillis(500);

    private final MysqlDatabase source;
    private final MysqlLog log;
    private final EngineHost host;
    private final Map<TableId, MappedTable> tables = new ConcurrentHashMap<>();
    private final TableGrowth growth;
    private final OldRows oldRows;
    private final ChangeBuffer buffer;
    private final Heartbeat heartbeat;
    private final Appending appending;
    private final CaptureLoop loop;

    /** Kept for all sessions, so that the server ends what a lost one left behind; 0: none yet. */
    private long serverId;

    private volatile BinlogPosition applied;
    private volatile Acknowledge policy;
    private volatile LogSession session;

    /**
     * @param host where Debezium runs
     * @param tables what is captured; the log's other tables are passed over
     * @param growth asked when one of them gets columns
     * @param oldRows what of updates goes to the buffer
     * @param policy what counts as safe: the server is told nothing, but the log that it must keep
     *     is reported by it
     * @param applied what the target's progress covers: P0 before anything is applied
     */
    public MysqlCapture(
            MysqlDatabase source,
            MysqlLog log,
            EngineHost host,
            List<MappedTable> tables,
            TableGrowth growth,
            OldRows oldRows,
            ChangeBuffer buffer,
            Acknowledge policy,
            SourcePosition applied) {
        this.source = source;
        this.log = log;
        this.host = host;
        tables.forEach(table -> this.tables.put(table.sourceId(), table));
        this.growth = growth;
        this.oldRows = oldRows;
        this.buffer = buffer;
        this.policy = policy;
        this.applied = MysqlLog.of(applied);
        this.heartbeat = new Heartbeat(log, HEARTBEAT);
        this.appending = new Appending(buffer);
        this.loop = new CaptureLoop(new Sessions(), appending::captured);
        log.needs(this.applied, Optional.empty());
    }

    @Override
    public void start() {
        loop.start();
        heartbeat.start();
    }

    @Override
    public synchronized void acknowledge(SourcePosition position) {
        if (position.isAfter(applied)) {
            applied = MysqlLog.of(position);
        }
    }

    @Override
    public void setAcknowledge(Acknowledge now) {
        policy = now;
    }

    @Override
    public CaptureStatus status() {
        return appending.status(loop, host, Optional.of(safe()));
    }

    private BinlogPosition safe() {
        return policy == Acknowledge.APPLIED ? applied : covered();
    }

    /** Up to where everything is at the target or in the buffer. */
    private BinlogPosition covered() {
        BinlogPosition there = applied;
        BinlogPosition buffered = buffer.last().map(MysqlLog::of).orElse(there);
        return buffered.isAfter(there) ? buffered : there;
    }

    @Override
    public void close() {
        heartbeat.close();
        loop.close();
    }

    /** One session after the other. */
    private final class Sessions implements CaptureLoop.Sessions {

        @Override
        public Fault run() {
            try {
                ClassPathOrder.check(List.of(MySqlStreamingChangeEventSource.class));
                host.quiet();
                BinlogPosition covered = covered();
                log.check(covered);
                if (serverId == 0) {
                    serverId = log.freeServerId();
                }
                session = session(covered);
                if (loop.isClosing()) {
                    session.skip();
                    return null;
                }
                Throwable why = session.run();
                return why == null ? null : BinlogFaults.of(source, why);
            } catch (Fault e) {
                return e;
            } catch (RuntimeException | Error e) {
                return BinlogFaults.of(source, e);
            } finally {
                session = null;
            }
        }

        private LogSession session(BinlogPosition covered) {
            DatabaseConfig config = source.config();
            return config.kind() == DatabaseConfig.Kind.MARIADB
                    ? new MariadbSession(config, serverId, covered, receiving(covered))
                    : host.mysql(
                            covered,
                            BinlogProperties.of(config, log.name(), serverId),
                            receiving(covered));
        }

        @Override
        public void end() {
            LogSession current = session;
            if (current != null) {
                current.close();
            }
        }

        private EventReceiver receiving(BinlogPosition covered) {
            BinlogReader reader =
                    new BinlogReader(
                            tables,
                            log.isCaseless(),
                            CharsetTables.read(source, tables.values()),
                            new SignalRows(log.migration()),
                            covered,
                            new Remembering(),
                            oldRows,
                            appending::append);
            return new Receiving(reader, covered);
        }
    }

    /** Lets the next session begin with the columns that this one has met. */
    private final class Remembering implements TableGrowth {

        @Override
        public boolean follows() {
            return growth.follows();
        }

        @Override
        public Optional<MappedTable> added(TableId table, List<String> columns) {
            Optional<MappedTable> now = growth.added(table, columns);
            now.ifPresent(grown -> tables.put(table, grown));
            return now;
        }
    }

    /** Appends what one session receives. */
    private final class Receiving implements EventReceiver {

        private final BinlogReader reader;
        private final BinlogPosition covered;
        private boolean first = true;

        Receiving(BinlogReader reader, BinlogPosition covered) {
            this.reader = reader;
            this.covered = covered;
        }

        @Override
        public void event(Event event) throws InterruptedException {
            if (first) {
                appending.begin();
                first = false;
            }
            appending.received(event.<EventHeaderV4>getHeader().getEventLength());
            if (!reader.read(event)) {
                return;
            }
            reader.committedAt().ifPresent(at -> appending.transactionEnd(reader.position(), at));
            log.needs(safe(), reader.committedAt());
            if (loop.isStreaming()) {
                LOG.info("Capture streams from {}", covered.text());
            }
        }
    }
}
