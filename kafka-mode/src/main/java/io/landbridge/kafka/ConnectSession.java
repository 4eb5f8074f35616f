package io.landbridge.kafka;

import io.landbridge.capture.LogSession;
import io.landbridge.capture.Reception;
import io.landbridge.fault.Fault;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of a connector's task at Kafka Connect: has it begin, and reads what it writes, until
 * either ends. The connector is stopped before and after; whatever was on its way then is had
 * again.
 */
final class ConnectSession implements LogSession {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectSession.class);
    private static final Duration WAIT = Duration.ofMillis(200);

    private final Connector connector;
    private final Map<String, String> settings;
    private final RawReader reader;
    private final RawReader.Sink sink;
    private final ConnectWatch watch;
    private final Reception reception = new Reception();
    private final CountDownLatch ended = new CountDownLatch(1);

    private volatile Throwable received;
    private volatile boolean closing;

    ConnectSession(
            Connector connector,
            Map<String, String> settings,
            RawReader reader,
            ConnectWatch watch,
            RawReader.Sink sink) {
        this.connector = connector;
        this.settings = settings;
        this.reader = reader;
        this.watch = watch;
        this.sink = sink;
    }

    @Override
    public Throwable run() {
        try (reader;
                watch) {
            reader.begin();
            connector.start(settings);
            reception.begin();
            watch.start(this);
            while (!closing && received == null) {
                reader.read(WAIT, this::message);
            }
        } catch (InterruptedException e) {
            // Closed while the buffer had no room.
        } catch (RuntimeException | Error e) {
            fail(e);
        } finally {
            reception.end();
            // Whoever closed has interrupted a wait for room.
            var unused = Thread.interrupted();
            stopQuietly();
            ended.countDown();
        }
        return received;
    }

    private void fail(Throwable why) {
        if (received == null && !closing) {
            received = why;
        }
    }

    /** When that can't be, the next session does it before it begins. */
    private void stopQuietly() {
        try {
            connector.stop();
        } catch (Fault e) {
            LOG.warn("connector {} may run on for now: {}", connector.name(), e.describe());
        }
    }

    private void message(ByteBuffer message) throws InterruptedException {
        if (!reception.enter()) {
            throw new InterruptedException("the session has ended");
        }
        try {
            sink.message(message);
        } finally {
            reception.leave();
        }
    }

    @Override
    public Duration silence() {
        return reception.silence();
    }

    @Override
    public void breakOff(Fault why) {
        fail(why);
        end();
    }

    @Override
    public void skip() {
        reader.close();
        ended.countDown();
    }

    @Override
    public void close() {
        closing = true;
        end();
        boolean interrupted = false;
        while (ended.getCount() > 0) {
            try {
                ended.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void end() {
        reception.end();
    }
}
