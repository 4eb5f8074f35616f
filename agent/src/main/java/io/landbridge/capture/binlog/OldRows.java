package io.landbridge.capture.binlog;

/** Which updates keep the row as it was: the log has it of each, and the buffer pays for it. */
public enum OldRows {
    /** Those that change the key, and those of tables without one. */
    WHERE_NEEDED,
    /** All, so that they can be undone. */
    ALWAYS
}
