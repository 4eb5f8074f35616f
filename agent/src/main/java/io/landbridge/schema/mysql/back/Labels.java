package io.landbridge.schema.mysql.back;

import io.landbridge.schema.mysql.Form;
import io.landbridge.schema.mysql.MappedColumn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Labels of an ENUM or a SET, by their numbers: as a text MySQL would take a label that differs by
 * case or accents for the same.
 */
final class Labels {

    private Labels() {}

    /** Of an ENUM, or of a SET with commas between its labels. */
    static Literals.Rendering text(MappedColumn column) {
        Map<String, Integer> places = places(column);
        if (column.source().dataType().equals("set")) {
            return text -> set(column, places, text.isEmpty() ? List.of() : split(text));
        }
        return text -> {
            Integer place = places.get(text);
            if (place == null) {
                throw Literals.refused(column, "no label of the ENUM");
            }
            return Integer.toString(place + 1);
        };
    }

    private static List<String> split(String text) {
        return List.of(text.split(",", -1));
    }

    /** Of a SET as an array of texts. */
    static Literals.Rendering array(MappedColumn column) {
        Map<String, Integer> places = places(column);
        return text -> set(column, places, elements(column, text));
    }

    private static Map<String, Integer> places(MappedColumn column) {
        Map<String, Integer> places = new HashMap<>();
        for (String label : column.source().labels()) {
            places.put(label, places.size());
        }
        return places;
    }

    /** A SET has no order of its own and no label twice: what MySQL would change is refused. */
    private static String set(MappedColumn column, Map<String, Integer> places, List<String> labels)
            throws ValueRefused {
        long bits = 0;
        int last = -1;
        for (String label : labels) {
            Integer place = places.get(label);
            if (place == null) {
                throw Literals.refused(column, "no label of the SET");
            }
            if (place <= last) {
                throw Literals.refused(column, "labels not in the SET's order, or one twice");
            }
            bits |= 1L << place;
            last = place;
        }
        return Long.toUnsignedString(bits);
    }

    /**
     * The elements of an array as PostgreSQL prints it; one of {@link Form#arrayElement}'s other
     * spellings would print another text.
     */
    private static List<String> elements(MappedColumn column, String text) throws ValueRefused {
        if (!text.startsWith("{") || !text.endsWith("}")) {
            throw Literals.refused(column, "no array of labels");
        }
        List<String> elements = new ArrayList<>();
        int end = text.length() - 1;
        int i = 1;
        while (i < end) {
            StringBuilder element = new StringBuilder();
            boolean quoted = text.charAt(i) == '"';
            i += quoted ? 1 : 0;
            while (i < end && text.charAt(i) != (quoted ? '"' : ',')) {
                i += text.charAt(i) == '\\' ? 1 : 0;
                element.append(text.charAt(i++));
            }
            i += quoted ? 2 : 1;
            if (!quoted && element.toString().equals("NULL")) {
                throw Literals.refused(column, "NULL within the array");
            }
            elements.add(element.toString());
        }
        return elements;
    }
}
