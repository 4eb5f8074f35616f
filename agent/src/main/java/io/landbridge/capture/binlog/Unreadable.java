package io.landbridge.capture.binlog;

import io.landbridge.fault.FaultCode;

/** What the log says of a table can't be carried exactly, so the table can't be followed on. */
final class Unreadable extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final FaultCode code;

    /**
     * @param reason one sentence without any row's value
     */
    Unreadable(FaultCode code, String reason) {
        super(reason, null, false, false);
        this.code = code;
    }

    FaultCode code() {
        return code;
    }
}
