package io.landbridge.testkit;

/**
 * One value that must arrive exactly.
 *
 * @param type the column's type, as in CREATE TABLE
 * @param literal the value, as an SQL expression that can be assigned to it
 * @param text what the target must print for it, in the sessions that the product opens
 * @param since the first major version that has it
 */
public record TypeCase(String type, String literal, String text, int since) {

    @Override
    public String toString() {
        return type + " " + (text.length() > 60 ? text.substring(0, 60) + "..." : text);
    }
}
