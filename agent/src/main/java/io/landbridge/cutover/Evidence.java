package io.landbridge.cutover;

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
}
