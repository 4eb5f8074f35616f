package io.landbridge.schema;

import io.landbridge.jdbc.Database;
import java.util.List;

/**
 * What counts by itself at the side that changes flow to; it is to go on where the other stands.
 */
public interface Counters {

    /**
     * Sets the counterparts of {@code wanted} to where those stand. Repeatable.
     *
     * @throws io.landbridge.fault.Fault when one is missing here, or can't hold the value
     */
    void set(List<Sequence> wanted);

    /** Those of {@code wanted} that would give other values here: empty after {@link #set}. */
    List<Sequence> differing(List<Sequence> wanted);

    /** Those of {@code wanted} that have no counterpart here. */
    List<Sequence> absent(List<Sequence> wanted);

    /** Sequences of PostgreSQL. */
    static Counters of(Database database) {
        return new Counters() {
            @Override
            public void set(List<Sequence> wanted) {
                Sequences.set(database, wanted);
            }

            @Override
            public List<Sequence> differing(List<Sequence> wanted) {
                return Sequences.differing(database, wanted);
            }

            @Override
            public List<Sequence> absent(List<Sequence> wanted) {
                return Sequences.absent(database, wanted);
            }
        };
    }
}
