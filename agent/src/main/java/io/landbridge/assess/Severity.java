package io.landbridge.assess;

/** How much a finding matters. */
public enum Severity {
    /** The migration does not begin. */
    BLOCKER,
    /** It begins; something will go wrong, or be missing, unless somebody acts. */
    WARNING,
    /** Good to know. */
    NOTE
}
