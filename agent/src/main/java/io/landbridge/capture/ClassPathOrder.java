package io.landbridge.capture;

import io.debezium.connector.postgresql.TypeRegistry;
import io.debezium.connector.postgresql.connection.pgoutput.PgOutputMessageDecoder;
import io.landbridge.capture.handover.StandIn;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import java.util.List;

/** Makes sure that our versions of Debezium's classes are the ones that were loaded. */
public final class ClassPathOrder {

    private ClassPathOrder() {}

    /**
     * @throws Fault INTERNAL when Debezium's own were: they would carry values inexactly, in
     *     silence
     */
    static void check() {
        check(List.of(PgOutputMessageDecoder.class, TypeRegistry.class));
    }

    public static void check(List<Class<?>> ours) {
        for (Class<?> each : ours) {
            if (!StandIn.class.isAssignableFrom(each)) {
                throw Fault.of(
                                FaultCode.INTERNAL,
                                each.getName()
                                        + " was loaded from "
                                        + each.getProtectionDomain().getCodeSource().getLocation())
                        .hint("put the agent's jar before Debezium's on the class path");
            }
        }
    }
}
