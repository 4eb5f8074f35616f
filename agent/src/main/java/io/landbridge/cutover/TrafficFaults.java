package io.landbridge.cutover;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;

/** What goes wrong between us and what moves the clients. */
final class TrafficFaults {

    private TrafficFaults() {}

    /** It may pass: what must be done behind the point of no return is tried again. */
    static Fault of(String what, Throwable cause) {
        return Fault.of(FaultCode.TRAFFIC_DRIVER, what, cause)
                .hint(
                        "see that what cutover.traffic names is running and lets the agent in; for PgBouncer"
                                + " that psql is installed and the agent's user is among admin_users");
    }

    static Fault of(String what) {
        return of(what, null);
    }
}
