package io.landbridge.observe;

import com.sun.net.httpserver.HttpExchange;
import io.landbridge.phase.MigrationControl;
import io.landbridge.phase.MigrationStatus;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The status and the log as they change, once a second, as server-sent events: {@code status} with
 * what {@code /api/v1/status} answers, {@code log} with new lines. Every open page holds a thread
 * of this room's own, so that pages, however many or slow, keep no probe waiting.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">the form</a>
 */
final class Live implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Live.class);
    private static final int MOST_STREAMS = 8;

    private final MigrationControl control;
    private final History history;
    private final LogTail log;
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(work -> daemon(work, "http-clock"));
    private final ExecutorService streams =
            new ThreadPoolExecutor(
                    0,
                    MOST_STREAMS,
                    10,
                    TimeUnit.SECONDS,
                    new SynchronousQueue<>(),
                    work -> daemon(work, "http-live"));
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ticked = lock.newCondition();
    private long ticks;
    private boolean closed;

    Live(MigrationControl control, History history, LogTail log) {
        this.control = control;
        this.history = history;
        this.log = log;
        var unused = clock.scheduleAtFixedRate(this::tick, 0, 1, TimeUnit.SECONDS);
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    private void tick() {
        try {
            history.take(control.status());
        } catch (RuntimeException e) {
            LOG.warn("the page's figures couldn't be taken", e);
        }
        lock.lock();
        try {
            ticks++;
            ticked.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Answers {@code exchange} for as long as its client listens, on another thread; closes it at
     * the end. False, with nothing sent, when too many listen already.
     */
    boolean serve(HttpExchange exchange) {
        try {
            streams.execute(() -> stream(exchange));
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    private void stream(HttpExchange exchange) {
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
            exchange.sendResponseHeaders(200, 0);
            OutputStream out = exchange.getResponseBody();
            long line = 0;
            long tick = -1;
            while ((tick = awaitTick(tick)) >= 0) {
                MigrationStatus status = control.status();
                send(out, "status", status);
                List<LogTail.Line> lines = log.after(line);
                if (!lines.isEmpty()) {
                    send(out, "log", lines);
                    line = lines.get(lines.size() - 1).number();
                }
                out.flush();
            }
        } catch (IOException e) {
            LOG.debug("a page went away: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(OutputStream out, String event, Object data) throws IOException {
        out.write(
                ("event: " + event + "\ndata: " + Json.text(data) + "\n\n")
                        .getBytes(StandardCharsets.UTF_8));
    }

    /** Waits for a tick after {@code seen}, and gives its number; -1 once this is closed. */
    private long awaitTick(long seen) throws InterruptedException {
        lock.lock();
        try {
            while (!closed && ticks == seen) {
                ticked.await();
            }
            return closed ? -1 : ticks;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            ticked.signalAll();
        } finally {
            lock.unlock();
        }
        clock.shutdownNow();
        streams.shutdownNow();
    }
}
