package io.landbridge.jdbc;

import io.landbridge.jdbc.ServerProcess.Verdict;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A socket that does not wait for ever for a server that will never answer: one that has vanished,
 * or whose bytes are lost on the way. Statements may take hours, so no timeout can tell; the server
 * is asked, over another connection, what its process is doing.
 */
final class WatchedSocket extends Socket {

    private static final Logger LOG = LoggerFactory.getLogger(WatchedSocket.class);

    /** Silence until the server is asked first; later it is asked less and less often. */
    private static final int FIRST_MILLIS = 5_000;

    private static final int LONGEST_MILLIS = 30_000;

    /** What the server has just answered may still be under way. */
    private static final int SECOND_LOOK_MILLIS = 2_000;

    private static final long UNREACHABLE_NANOS = TimeUnit.SECONDS.toNanos(60);

    /**
     * A connection that can't be asked about answers quickly: it is being made, or the capture's.
     */
    private static final long UNMET_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final int KEEPALIVE_SECONDS = 15;

    private final ServerProcess process;

    /** What the driver set, in milliseconds; 0 waits as long as it makes sense. */
    private volatile int wanted;

    /**
     * @param process at the other end; null when it is not known
     */
    WatchedSocket(ServerProcess process) throws SocketException {
        this.process = process;
        super.setSoTimeout(FIRST_MILLIS);
    }

    @Override
    public void connect(SocketAddress endpoint, int timeout) throws IOException {
        super.connect(endpoint, timeout);
        setKeepAlive(true);
        try {
            setOption(ExtendedSocketOptions.TCP_KEEPIDLE, KEEPALIVE_SECONDS);
            setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, KEEPALIVE_SECONDS / 3);
            setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, 4);
        } catch (UnsupportedOperationException e) {
            LOG.debug("this system does not let keep-alive be set", e);
        }
    }

    @Override
    public synchronized void setSoTimeout(int millis) throws SocketException {
        wanted = millis;
        super.setSoTimeout(millis == 0 ? FIRST_MILLIS : millis);
    }

    @Override
    public synchronized int getSoTimeout() {
        return wanted;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new Listening(super.getInputStream());
    }

    private void waitFor(int millis) throws SocketException {
        super.setSoTimeout(millis);
    }

    /** Waits in turns; between them it finds out whether waiting makes sense. */
    private final class Listening extends FilterInputStream {

        Listening(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            Silence silence = null;
            while (true) {
                try {
                    int read = in.read(bytes, offset, length);
                    if (silence != null && wanted == 0) {
                        waitFor(FIRST_MILLIS);
                    }
                    return read;
                } catch (SocketTimeoutException e) {
                    if (wanted != 0) {
                        throw e;
                    }
                    silence = silence == null ? new Silence() : silence;
                    waitFor(silence.judge(e));
                }
            }
        }
    }

    /** What is known of one wait. */
    private final class Silence {

        private final long since = System.nanoTime();
        private int pause = FIRST_MILLIS;
        private boolean suspect;
        private long unreachableSince;

        /** How long to wait on, in milliseconds; throws {@code timeout} when that is in vain. */
        int judge(SocketTimeoutException timeout) throws SocketTimeoutException {
            long now = System.nanoTime();
            if (process == null || !process.isMet()) {
                if (now - since > UNMET_NANOS) {
                    throw timeout;
                }
                return FIRST_MILLIS;
            }
            Verdict verdict = process.ask();
            unreachableSince =
                    verdict != Verdict.UNREACHABLE
                            ? 0
                            : unreachableSince == 0 ? now : unreachableSince;
            switch (verdict) {
                case AT_WORK -> suspect = false;
                case UNREACHABLE -> {
                    if (System.nanoTime() - unreachableSince > UNREACHABLE_NANOS) {
                        throw timeout;
                    }
                    return FIRST_MILLIS;
                }
                case WAITS_FOR_US, GONE -> {
                    if (suspect) {
                        giveUp(verdict);
                        throw timeout;
                    }
                    suspect = true;
                    return SECOND_LOOK_MILLIS;
                }
            }
            pause = Math.min(LONGEST_MILLIS, pause * 2);
            return pause;
        }

        private void giveUp(Verdict verdict) {
            LOG.warn("{} will not answer: {}", process, verdict);
            try {
                if (verdict == Verdict.WAITS_FOR_US) {
                    process.end();
                }
            } catch (SQLException e) {
                LOG.debug("{} could not be ended", process, e);
            }
        }
    }
}
