package io.landbridge.capture.handover;

/**
 * Marks the classes that we put in the place of Debezium's own: what lacks it was loaded from
 * Debezium's jar, because the class path names that jar first.
 */
public interface StandIn {}
