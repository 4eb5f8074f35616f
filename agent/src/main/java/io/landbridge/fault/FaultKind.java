package io.landbridge.fault;

/** Who must act on a fault; decides the process's exit status. */
public enum FaultKind {
    /** The configuration, or the command line. */
    CONFIG(2),
    /** The source database, or the way to it. */
    SOURCE(3),
    /** The target database, or the way to it. */
    TARGET(4),
    /** Kafka, or the way to it. */
    TRANSPORT(6),
    /** The data: both sides differ, or a value can't be carried. */
    DATA(5),
    /** Landbridge itself, or the machine it runs on. */
    BUG(1);

    private final int exitStatus;

    FaultKind(int exitStatus) {
        this.exitStatus = exitStatus;
    }

    /** The process's exit status when a fault of this kind ends it; stable between versions. */
    public int exitStatus() {
        return exitStatus;
    }
}
