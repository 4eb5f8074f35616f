package io.landbridge.schema;

import io.landbridge.change.TableId;
import java.util.List;

/**
 * What {@link TargetSchema#prepare} found and did.
 *
 * @param way how the DDL was obtained, for people
 * @param created tables that are ours
 * @param present tables that were there before
 * @param notes sentences on what is left out and why
 */
public record Prepared(
        String way, List<TableId> created, List<TableId> present, List<String> notes) {
    public Prepared {
        created = List.copyOf(created);
        present = List.copyOf(present);
        notes = List.copyOf(notes);
    }
}
