package io.landbridge.capture;

import io.landbridge.change.RowImage;
import io.landbridge.change.TableLayout;
import io.landbridge.schema.Table;
import java.util.ArrayList;
import java.util.List;

/**
 * A table as the stream describes it before its first row: names and order of the columns at that
 * place in the log, and which of them identify a row there.
 *
 * @param layout the columns and the key
 * @param identity for each column whether the replica identity holds it: whether an old key has it
 */
record Relation(TableLayout layout, List<Boolean> identity) {

    /** One column of a relation message. */
    record Member(String name, boolean identity) {}

    /**
     * The relation of {@code table}.
     *
     * <p>The key is the table's own, as long as the log carries it: an old image under {@code
     * REPLICA IDENTITY USING INDEX} holds that index's columns only, so they are the key then.
     */
    static Relation of(Table table, List<Member> members, boolean full) {
        List<String> columns = members.stream().map(Member::name).toList();
        List<Integer> key = new ArrayList<>();
        List<Integer> logged = new ArrayList<>();
        for (String name : table.key()) {
            key.add(columns.indexOf(name));
        }
        for (int i = 0; i < members.size(); i++) {
            if (members.get(i).identity()) {
                logged.add(i);
            }
        }
        boolean usable = !key.contains(-1) && (full || logged.isEmpty() || logged.containsAll(key));
        if (!usable) {
            key = full ? List.of() : logged;
        }
        return new Relation(
                new TableLayout(table.id(), columns, key),
                members.stream().map(Member::identity).toList());
    }

    /** An old key's tuple says NULL where it has no value: those are UNCHANGED. */
    RowImage keyImage(String[] values) {
        for (int i = 0; i < values.length; i++) {
            if (!identity.get(i)) {
                values[i] = RowImage.unchanged();
            }
        }
        return RowImage.of(values);
    }
}
