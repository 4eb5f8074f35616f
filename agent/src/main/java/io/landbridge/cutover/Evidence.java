package io.landbridge.cutover;

import java.time.Duration;

/**
 * What speaks for or against a cutover. What can't be had is evidence against it.
 *
 * @param what the question, a few words
 * @param good whether it speaks for it
 * @param detail the finding, with figures
 */
public record Evidence(String what, boolean good, String detail) {

    public static Evidence good(String what, String detail) {
        return new Evidence(what, true, detail);
    }

    public static Evidence bad(String what, String detail) {
        return new Evidence(what, false, detail);
    }

    /**
     * Whether something is close enough to what it follows.
     *
     * @param subject and verb of the sentence that speaks against it: {@code "the lag is"}
     */
    public static Evidence lag(Duration lag, Duration bound, String subject) {
        return lag.compareTo(bound) > 0
                ? bad("lag", subject + " more than " + bound)
                : good("lag", lag.toMillis() + " ms");
    }
}
