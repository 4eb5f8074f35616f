package io.landbridge.fault;

/**
 * Every fault has one of these; the same code stands in the log, the metric {@code
 * landbridge_faults_total}, the API and {@code agent/docs/errors.md}. Codes are never renamed.
 */
public enum FaultCode {
    CONFIG_INVALID(FaultKind.CONFIG, false),
    USAGE(FaultKind.CONFIG, false),
    ASSESSMENT_BLOCKED(FaultKind.CONFIG, false),

    SOURCE_UNREACHABLE(FaultKind.SOURCE, true),
    SOURCE_SQL(FaultKind.SOURCE, false),
    SOURCE_RIGHTS(FaultKind.SOURCE, false),
    SOURCE_GAP(FaultKind.SOURCE, false),
    SOURCE_DDL(FaultKind.SOURCE, false),
    SOURCE_LOCK_TIMEOUT(FaultKind.SOURCE, true),
    SOURCE_RETENTION(FaultKind.SOURCE, true),
    SOURCE_PARTITION(FaultKind.SOURCE, true),
    CAPTURE_STOPPED(FaultKind.SOURCE, true),

    TARGET_UNREACHABLE(FaultKind.TARGET, true),
    TARGET_SQL(FaultKind.TARGET, false),
    TARGET_RIGHTS(FaultKind.TARGET, false),
    TARGET_FULL(FaultKind.TARGET, true),
    TARGET_LOCK_TIMEOUT(FaultKind.TARGET, true),
    TARGET_NOT_EMPTY(FaultKind.TARGET, false),
    TARGET_SNAPSHOT(FaultKind.TARGET, false),
    TRAFFIC_DRIVER(FaultKind.TARGET, true),
    NOT_LEADER(FaultKind.TARGET, true),
    STATE_UNREADABLE(FaultKind.TARGET, false),

    KAFKA_UNREACHABLE(FaultKind.TRANSPORT, true),
    KAFKA_REFUSED(FaultKind.TRANSPORT, false),
    CONNECT_UNREACHABLE(FaultKind.TRANSPORT, true),
    CONNECT_REFUSED(FaultKind.TRANSPORT, false),
    TRANSPORT_SWITCH(FaultKind.TRANSPORT, true),
    DMS_UNREACHABLE(FaultKind.TRANSPORT, true),
    DMS_REFUSED(FaultKind.TRANSPORT, false),
    DMS_TASK(FaultKind.TRANSPORT, false),

    DIVERGENCE(FaultKind.DATA, false),
    VALUE_UNSUPPORTED(FaultKind.DATA, false),
    VALIDATION_FAILED(FaultKind.DATA, false),
    VALIDATION_MISSED(FaultKind.DATA, true),
    CUTOVER_REFUSED(FaultKind.DATA, false),
    REWIND_REFUSED(FaultKind.DATA, false),
    HEALTH_CHECK(FaultKind.DATA, true),

    BUFFER_GAP(FaultKind.BUG, false),
    BUFFER_FULL(FaultKind.BUG, true),
    BUFFER_IO(FaultKind.BUG, false),
    ILLEGAL_TRANSITION(FaultKind.BUG, false),
    INTERNAL(FaultKind.BUG, false);

    private final FaultKind kind;
    private final boolean passing;

    FaultCode(FaultKind kind, boolean passing) {
        this.kind = kind;
        this.passing = passing;
    }

    public FaultKind kind() {
        return kind;
    }

    /** True when the same step may well succeed later without anybody's help: worth a retry. */
    public boolean isPassing() {
        return passing;
    }
}
