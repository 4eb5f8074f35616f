package io.landbridge.capture;

import io.landbridge.buffer.ChangeBuffer;
import io.landbridge.capture.CaptureStatus.State;
import io.landbridge.change.TableId;
import io.landbridge.config.TransportConfig.Acknowledge;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.Database;
import io.landbridge.offsets.Lsn;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.schema.Table;
import io.landbridge.source.PostgresLog;
import io.landbridge.source.Slot;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a PostgreSQL source: session after session of Debezium's engine, each started behind a
 * checked slot, none remembering anything. What the slot sends again is dropped by its position.
 *
 * <p>One thread of its own starts sessions one after the other; within a session one thread of the
 * engine's reads messages and appends. The two never run at the same time.
 */
public final class PostgresCapture implements Capture {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresCapture.class);
    private static final Duration HEARTBEAT = Duration.ofMillis(500);
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(10);

    private final Database source;
    private final PostgresLog log;
    private final Map<TableId, Table> tables;
    private final EngineHost host;
    private final ChangeBuffer buffer;
    private final Acknowledgement acknowledgement;
    private final Heartbeat heartbeat;
    private final Appending appending;
    private final CaptureLoop loop;
    private volatile LogSession session;

    /**
     * @param host where Debezium runs
     * @param tables what is captured; the stream's other tables are passed over
     * @param applied what the target's progress covers: P0 before anything is applied
     */
    public PostgresCapture(
            Database source,
            PostgresLog log,
            EngineHost host,
            List<Table> tables,
            ChangeBuffer buffer,
            Acknowledge policy,
            SourcePosition applied) {
        this.source = source;
        this.log = log;
        this.host = host;
        this.tables =
                tables.stream().collect(Collectors.toUnmodifiableMap(Table::id, table -> table));
        this.buffer = buffer;
        this.acknowledgement = new Acknowledgement(buffer, policy, (Lsn) applied);
        this.heartbeat = new Heartbeat(log, HEARTBEAT, this::noticeSilence);
        this.appending = new Appending(buffer);
        this.loop = new CaptureLoop(new Sessions(), appending::captured);
    }

    @Override
    public void start() {
        loop.start();
        heartbeat.start();
    }

    @Override
    public void acknowledge(SourcePosition applied) {
        acknowledgement.applied(applied);
    }

    @Override
    public void setAcknowledge(Acknowledge policy) {
        acknowledgement.policy(policy);
    }

    @Override
    public CaptureStatus status() {
        return appending.status(loop, host, acknowledgement.told());
    }

    @Override
    public void close() {
        heartbeat.close();
        loop.close();
    }

    /**
     * After each marker that went into the log: it must come out of the stream. A stream that gives
     * nothing although its walsender has nothing left to do is lost on the way, which no error of
     * the connection would ever tell.
     */
    private void noticeSilence() {
        LogSession current = session;
        if (loop.state() == State.STREAMING
                && current != null
                && current.silence().compareTo(LONGEST_SILENCE) > 0
                && !log.isStreamBusy()) {
            current.breakOff(
                    Fault.of(
                            FaultCode.SOURCE_UNREACHABLE,
                            "the stream is silent, and the source has nothing left to send"));
        }
    }

    /** One session after the other. */
    private final class Sessions implements CaptureLoop.Sessions {

        @Override
        public Fault run() {
            return runSession();
        }

        @Override
        public void end() {
            LogSession current = session;
            if (current != null) {
                current.close();
            }
        }
    }

    /** Runs one session to its end; null when it was closed. */
    private Fault runSession() {
        try {
            ClassPathOrder.check();
            host.quiet();
            Lsn covered = covered();
            Slot slot = log.check(covered);
            if (slot.activePid().isPresent() && !log.release(5)) {
                return Fault.of(FaultCode.CAPTURE_STOPPED, "slot " + log.name() + " is in use")
                        .hint("find who streams from it in pg_stat_replication and stop that");
            }
            session =
                    host.postgres(
                            log,
                            EngineProperties.of(source, log, senderTimeoutMillis()),
                            new Receiving(covered));
            if (loop.isClosing()) {
                session.skip();
                return null;
            }
            Throwable why = session.run();
            return why == null ? null : SessionFaults.of(source, why);
        } catch (Fault e) {
            return e;
        } catch (RuntimeException | Error e) {
            return SessionFaults.of(source, e);
        } finally {
            session = null;
        }
    }

    /** Up to where everything is at the target or in the buffer. */
    private Lsn covered() {
        Lsn applied = acknowledgement.applied();
        Lsn buffered = buffer.resume().map(Lsn.class::cast).orElse(applied);
        return buffered.isAfter(applied) ? buffered : applied;
    }

    private int senderTimeoutMillis() {
        return source.with(
                "reading wal_sender_timeout",
                connection -> {
                    try (var statement = connection.createStatement();
                            ResultSet row = statement.executeQuery(SENDER_TIMEOUT)) {
                        row.next();
                        return row.getInt(1);
                    }
                });
    }

    private static final String SENDER_TIMEOUT =
            "SELECT setting::int FROM pg_settings WHERE name = 'wal_sender_timeout'";

    /** Appends what one session receives. */
    private final class Receiving implements MessageReceiver {

        private final PgOutputReader reader;
        private final Lsn covered;
        private boolean first = true;

        Receiving(Lsn covered) {
            this.covered = covered;
            this.reader = new PgOutputReader(tables, covered, appending::append);
        }

        @Override
        public void message(ByteBuffer message) throws InterruptedException {
            if (first) {
                appending.begin();
                first = false;
            }
            appending.received(message.remaining());
            reader.read(message);
        }

        @Override
        public Optional<Lsn> transactionEnd() {
            reader.committedAt().ifPresent(at -> appending.transactionEnd(reader.position(), at));
            if (loop.isStreaming()) {
                LOG.info("Capture streams from {}", covered.text());
            }
            return acknowledgement.due();
        }
    }
}
