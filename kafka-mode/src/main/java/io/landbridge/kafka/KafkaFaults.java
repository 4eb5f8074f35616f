package io.landbridge.kafka;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.ApplicationRecoverableException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TransactionAbortableException;

/** What Kafka's exceptions are for us; told by their types, never by their text. */
final class KafkaFaults {

    private KafkaFaults() {}

    /** The fault that {@code cause}, or what it wraps, stands for. */
    static Fault of(String what, Throwable cause) {
        Throwable root = root(cause);
        String said = what + ": " + root.getMessage();
        if (isFenced(root)) {
            return Fault.of(FaultCode.BUFFER_IO, what + ": another agent writes to it", cause)
                    .hint("one agent carries a stream; stop the other one, then resume");
        }
        if (root instanceof ConfigException || isWrongConfiguration(root)) {
            return Fault.of(FaultCode.CONFIG_INVALID, said, cause)
                    .hint("see kafka.properties and kafka.bootstrap-servers");
        }
        if (root instanceof AuthenticationException || root instanceof AuthorizationException) {
            return Fault.of(FaultCode.KAFKA_REFUSED, said, cause)
                    .hint("see kafka.properties, and the rights that agent/docs/kafka.md lists");
        }
        if (isPassing(root)) {
            return unreachable(said, cause);
        }
        return Fault.of(FaultCode.KAFKA_REFUSED, said, cause)
                .hint("see the brokers' log and agent/docs/kafka.md");
    }

    static Fault unreachable(String what, Throwable cause) {
        return Fault.of(FaultCode.KAFKA_UNREACHABLE, what, cause)
                .hint("see whether the brokers run and kafka.bootstrap-servers names them");
    }

    private static boolean isFenced(Throwable root) {
        return root instanceof ProducerFencedException
                || root instanceof InvalidProducerEpochException;
    }

    /**
     * After any of them a buffer begins anew where its topic ends: trying again is always right.
     */
    private static boolean isPassing(Throwable root) {
        return root instanceof RetriableException
                || root instanceof ApplicationRecoverableException
                || root instanceof InterruptException
                || root instanceof TransactionAbortableException
                || root instanceof OutOfOrderSequenceException
                || root.getClass() == KafkaException.class;
    }

    /** A client that can't be made says why in a cause that is none of Kafka's. */
    private static boolean isWrongConfiguration(Throwable root) {
        return root instanceof IllegalArgumentException;
    }

    private static Throwable root(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null
                && (root instanceof ExecutionException
                        || root.getClass() == KafkaException.class)) {
            root = root.getCause();
        }
        return root;
    }
}
