package io.landbridge.apply;

import io.landbridge.buffer.Changes;
import io.landbridge.buffer.Crew;
import io.landbridge.offsets.SourcePosition;
import java.util.OptionalLong;

/** A crew whose lanes a test deals, over a stream in memory. */
final class DealtCrew implements Crew {

    private final String me;
    private final Changes changes;
    private volatile Hand hand = Hand.EMPTY;

    DealtCrew(String me, Changes changes) {
        this.me = me;
        this.changes = changes;
    }

    void deal(Hand dealt) {
        hand = dealt;
    }

    @Override
    public String me() {
        return me;
    }

    @Override
    public Hand hand() {
        return hand;
    }

    @Override
    public long deals() {
        return hand.deal();
    }

    @Override
    public OptionalLong lag() {
        return OptionalLong.empty();
    }

    @Override
    public Changes changes(SourcePosition start) {
        return changes;
    }

    @Override
    public void close() {}
}
