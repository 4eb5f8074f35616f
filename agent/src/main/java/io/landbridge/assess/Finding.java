package io.landbridge.assess;

/**
 * Something found before a row moves.
 *
 * @param code stable, for machines: {@code WAL_LEVEL}
 * @param object what it is about: a table, a setting, a role
 * @param why why it matters
 * @param whatToDo with the SQL to run, where there is some
 */
public record Finding(Severity severity, String code, String object, String why, String whatToDo) {

    /** One line for people. */
    public String describe() {
        return code + " " + object + ": " + why + ". " + whatToDo;
    }
}
