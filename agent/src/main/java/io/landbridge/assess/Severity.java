package io.landbridge.assess;

/** How much a finding matters. */
public enum Severity {
    /** The migration can't begin. */
    BLOCKER,
    /** It can, and somebody should know. */
    WARNING,
    /** Good to know. */
    NOTE
}
