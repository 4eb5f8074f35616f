package io.landbridge.capture.binlog;

import com.github.shyiko.mysql.binlog.BinaryLogClient;
import com.github.shyiko.mysql.binlog.network.SSLMode;
import io.landbridge.capture.EventReceiver;
import io.landbridge.capture.LogSession;
import io.landbridge.config.DatabaseConfig;
import io.landbridge.fault.Fault;
import io.landbridge.offsets.BinlogPosition;
import java.time.Duration;
import java.util.Locale;

/**
 * One reading of MariaDB's log with Debezium's client of the binary log, without its engine around
 * it: the connector for MySQL refuses such a server, and of the one for MariaDB no version goes
 * with the engine's (agent/docs/mariadb.md). The engine would only set this client up.
 */
final class MariadbSession implements LogSession {

    private static final long HEARTBEAT_MILLIS = 1_000;

    private final BinaryLogClient client;
    private final BinlogStream stream;

    /**
     * A session that is not started yet.
     *
     * @param serverId a number that no other server or replica of the source has
     */
    MariadbSession(
            DatabaseConfig source, long serverId, BinlogPosition start, EventReceiver receiver) {
        this.client =
                new BinaryLogClient(
                        source.host(), source.port(), source.user(), source.password().reveal());
        this.stream = new BinlogStream(start, receiver);
        client.setServerId(serverId);
        client.setHeartbeatInterval(HEARTBEAT_MILLIS);
        client.setSSLMode(
                SSLMode.valueOf(BinlogProperties.sslMode(source).toUpperCase(Locale.ROOT)));
    }

    @Override
    public Throwable run() {
        try {
            stream.read(client, () -> true);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            return stream.failure() == null ? e : stream.failure();
        } finally {
            stream.close();
        }
        return stream.failure();
    }

    @Override
    public Duration silence() {
        return stream.silence();
    }

    @Override
    public void breakOff(Fault why) {
        stream.breakOff(why);
    }

    @Override
    public void skip() {
        // Nothing waits for a session that never ran.
    }

    @Override
    public void close() {
        stream.end();
    }
}
