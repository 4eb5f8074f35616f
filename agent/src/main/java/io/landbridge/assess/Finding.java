package io.landbridge.assess;

/**
 * One thing that somebody should know before a row moves.
 *
 * @param object what it is about: a table, a setting, a role
 * @param why why it matters, a sentence or two
 * @param whatToDo what to do about it, with the SQL to run; empty when there is nothing to do
 */
public record Finding(
        Severity severity, FindingCode code, String object, String why, String whatToDo) {

    /** One line for people. */
    public String describe() {
        String line = code + " " + object + ": " + why;
        return whatToDo.isEmpty() ? line : line + ". " + whatToDo;
    }
}
