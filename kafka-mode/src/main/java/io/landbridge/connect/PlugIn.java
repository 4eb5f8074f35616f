package io.landbridge.connect;

import io.landbridge.capture.handover.StandIn;
import java.util.List;
import org.apache.kafka.connect.errors.ConnectException;

/** This jar among Debezium's, in a plug-in directory of Connect's. */
public final class PlugIn {

    /**
     * What agent and plug-in have to agree on: how a session is told to the task, and what its
     * records look like.
     */
    public static final int PROTOCOL = 1;

    private PlugIn() {}

    /** What {@code GET /connector-plugins} shows for us beside Debezium's {@code version}. */
    public static String version(String version) {
        return PROTOCOL + "+debezium." + version;
    }

    /**
     * @throws ConnectException when Debezium's own classes were loaded instead of ours
     */
    static void check(List<Class<?>> ours) {
        for (Class<?> each : ours) {
            if (!StandIn.class.isAssignableFrom(each)) {
                throw new ConnectException(
                        each.getName()
                                + " was loaded from "
                                + each.getProtectionDomain().getCodeSource().getLocation()
                                + ": Landbridge's jar must come first in the plug-in's directory,"
                                + " by its name, as it does under the name that it is shipped with");
            }
        }
    }
}
