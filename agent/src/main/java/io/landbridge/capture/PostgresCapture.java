package io.landbridge.capture;

import io.landbridge.buffer.ChangeBuffer;
import io.landbridge.capture.CaptureStatus.State;
import io.landbridge.change.Change;
import io.landbridge.change.SourceEvent;
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
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
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
    private static final long SHORTEST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 2_000;

    /** A break that isn't the connection's may pass, but not when nothing comes through between. */
    private static final int FRUITLESS_SESSIONS = 10;

    private final Database source;
    private final PostgresLog log;
    private final Map<TableId, Table> tables;
    private final ChangeBuffer buffer;
    private final Acknowledgement acknowledgement;
    private final Heartbeat heartbeat;
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);

    private volatile State state = State.STOPPED;
    private volatile Fault fault;
    private volatile CaptureSession session;
    private volatile Lsn captured;
    private volatile Instant committedAt;
    private final LongAdder transactions = new LongAdder();
    private final LongAdder changes = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder restarts = new LongAdder();

    /**
     * Whether the buffer ends inside a transaction that this capture appended. One that a capture
     * before it left open is the buffer's to close.
     */
    private boolean open;

    private Lsn furthest = Lsn.ZERO;
    private int fruitless;

    /**
     * @param tables what is captured; the stream's other tables are passed over
     * @param applied what the target's progress covers: P0 before anything is applied
     */
    public PostgresCapture(
            Database source,
            PostgresLog log,
            List<Table> tables,
            ChangeBuffer buffer,
            Acknowledge policy,
            SourcePosition applied) {
        this.source = source;
        this.log = log;
        this.tables =
                tables.stream().collect(Collectors.toUnmodifiableMap(Table::id, table -> table));
        this.buffer = buffer;
        this.acknowledgement = new Acknowledgement(buffer, policy, (Lsn) applied);
        this.heartbeat = new Heartbeat(log, HEARTBEAT, this::noticeSilence);
        this.thread = new Thread(this::supervise, "landbridge capture");
    }

    @Override
    public synchronized void start() {
        if (state != State.STOPPED) {
            throw new IllegalStateException("a capture starts once");
        }
        state = State.STARTING;
        heartbeat.start();
        thread.start();
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
        return new CaptureStatus(
                state,
                Optional.ofNullable(captured),
                acknowledgement.told(),
                Optional.ofNullable(committedAt),
                transactions.sum(),
                changes.sum(),
                bytes.sum(),
                restarts.sum(),
                Optional.ofNullable(fault));
    }

    @Override
    public void close() {
        closing.countDown();
        heartbeat.close();
        CaptureSession current = session;
        if (current != null) {
            current.close();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join(100);
                current = session;
                if (current != null) {
                    current.close();
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (state != State.FAILED) {
            state = State.STOPPED;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void supervise() {
        long pause = SHORTEST_PAUSE_MILLIS;
        while (!isClosing()) {
            Fault ended = runSession();
            if (isClosing() || ended == null) {
                return;
            }
            Lsn now = captured;
            if (now != null && now.isAfter(furthest)) {
                furthest = now;
                pause = SHORTEST_PAUSE_MILLIS;
                fruitless = 0;
            } else {
                fruitless++;
            }
            fault = ended;
            if (!passes(ended)) {
                state = State.FAILED;
                LOG.error("Capture ends: {}", ended.describe(), ended);
                return;
            }
            state = State.RECOVERING;
            restarts.increment();
            LOG.warn("Capture starts again in {} ms: {}", pause, ended.describe());
            if (awaitClosing(pause)) {
                return;
            }
            pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
        }
    }

    /**
     * After each marker that went into the log: it must come out of the stream. A stream that gives
     * nothing although its walsender has nothing left to do is lost on the way, which no error of
     * the connection would ever tell.
     */
    private void noticeSilence() {
        CaptureSession current = session;
        if (state == State.STREAMING
                && current != null
                && current.silence().compareTo(LONGEST_SILENCE) > 0
                && !log.isStreamBusy()) {
            current.breakOff(
                    Fault.of(
                            FaultCode.SOURCE_UNREACHABLE,
                            "the stream is silent, and the source has nothing left to send"));
        }
    }

    private boolean passes(Fault ended) {
        return ended.code().isPassing()
                && (ended.code() != FaultCode.CAPTURE_STOPPED || fruitless < FRUITLESS_SESSIONS);
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private boolean awaitClosing(long millis) {
        try {
            return closing.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** Runs one session to its end; null when it was closed. */
    private Fault runSession() {
        try {
            ClassPathOrder.check();
            Lsn covered = covered();
            Slot slot = log.check(covered);
            if (slot.activePid().isPresent() && !log.release(5)) {
                return Fault.of(FaultCode.CAPTURE_STOPPED, "slot " + log.name() + " is in use")
                        .hint("find who streams from it in pg_stat_replication and stop that");
            }
            session =
                    new CaptureSession(
                            EngineProperties.of(source, log, senderTimeoutMillis()),
                            new Appending(covered));
            if (isClosing()) {
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
    private final class Appending implements CaptureSession.Receiver {

        private final PgOutputReader reader;
        private final Lsn covered;
        private boolean first = true;

        Appending(Lsn covered) {
            this.covered = covered;
            this.reader = new PgOutputReader(tables, covered, this::append);
        }

        @Override
        public void message(ByteBuffer message) throws InterruptedException {
            if (first) {
                if (open) {
                    buffer.append(new SourceEvent.Abandoned());
                    open = false;
                }
                first = false;
            }
            bytes.add(message.remaining());
            reader.read(message);
        }

        private void append(SourceEvent event) throws InterruptedException {
            buffer.append(event);
            if (event instanceof Change) {
                changes.increment();
            } else if (event instanceof SourceEvent.Begin) {
                open = true;
            } else if (event instanceof SourceEvent.Commit) {
                open = false;
                transactions.increment();
            }
        }

        @Override
        public Optional<Lsn> transactionEnd() {
            buffer.flush();
            reader.committedAt()
                    .ifPresent(
                            at -> {
                                captured = reader.position();
                                committedAt = at;
                            });
            if (state != State.STREAMING && !isClosing()) {
                LOG.info("Capture streams from {}", covered.text());
                state = State.STREAMING;
                fault = null;
            }
            return acknowledgement.due();
        }
    }
}
