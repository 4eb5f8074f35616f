package io.debezium.connector.postgresql.connection.pgoutput;

import io.debezium.connector.postgresql.TypeRegistry;
import io.debezium.connector.postgresql.connection.AbstractMessageDecoder;
import io.debezium.connector.postgresql.connection.LogicalDecodingMessage;
import io.debezium.connector.postgresql.connection.Lsn;
import io.debezium.connector.postgresql.connection.MessageDecoderContext;
import io.debezium.connector.postgresql.connection.PostgresConnection;
import io.debezium.connector.postgresql.connection.ReplicationMessage.Operation;
import io.debezium.connector.postgresql.connection.ReplicationStream.ReplicationMessageProcessor;
import io.debezium.connector.postgresql.connection.WalPositionLocator;
import io.landbridge.capture.handover.Handover;
import io.landbridge.capture.handover.StandIn;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.function.Function;
import org.postgresql.replication.fluent.logical.ChainedLogicalStreamBuilder;

/**
 * Stands in for Debezium's decoder of the same name, ahead of it on the class path: hands the
 * stream's messages over as the bytes they came in. Debezium itself sees, now and then, an empty
 * logical decoding message, whose commit tells the source what it may forget. Why: {@code
 * agent/docs/adr}, "Raw transactions through Debezium".
 *
 * <p>That message is marked as not transactional, which is Debezium's way of saying that its
 * position is a commit's end and may be acknowledged.
 */
public class PgOutputMessageDecoder extends AbstractMessageDecoder implements StandIn {

    private static final String PREFIX = "landbridge.acknowledge";
    private static final byte[] NOTHING = {};

    private final MessageDecoderContext context;
    private final PostgresConnection connection;
    private final Handover.Receiver receiver;

    public PgOutputMessageDecoder(MessageDecoderContext context, PostgresConnection connection) {
        this.context = context;
        this.connection = connection;
        this.receiver = Handover.receiver(context.getConfig().getLogicalName());
    }

    /** None: positions are compared where the buffer is known, not here. */
    @Override
    public boolean shouldMessageBeSkipped(
            ByteBuffer buffer, Lsn lastReceived, Lsn start, WalPositionLocator locator) {
        return false;
    }

    @Override
    protected void processNotEmptyMessage(
            ByteBuffer message, ReplicationMessageProcessor processor, TypeRegistry types)
            throws SQLException, InterruptedException {
        if (receiver.message(message)) {
            processor.process(
                    new LogicalDecodingMessage(
                            Operation.MESSAGE, null, null, false, PREFIX, NOTHING));
        }
    }

    @Override
    public ChainedLogicalStreamBuilder defaultOptions(
            ChainedLogicalStreamBuilder builder, Function<Integer, Boolean> isAtLeast) {
        builder.withSlotOption("proto_version", 1);
        builder.withSlotOption("publication_names", context.getConfig().publicationName());
        if (isAtLeast.apply(140_000)) {
            builder.withSlotOption("messages", true);
        }
        return builder;
    }

    @Override
    public void close() {
        connection.close();
    }
}
