package io.landbridge.apply;

import io.landbridge.offsets.SourcePosition;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * What the agent that leads has another one do with a lane, as a word on the wire.
 *
 * @param term of the attempt that the order is part of; a later one has a higher term
 * @param number that the answer names
 * @param work what to write; only of WRITE
 */
record Order(Kind kind, long term, int lane, long number, Optional<Work> work) {

    enum Kind {
        /** Connect, and mark the session as the lane's. */
        OPEN,
        WRITE,
        COMMIT,
        ROLLBACK,
        /** End the session. There is no answer. */
        CLOSE
    }

    /**
     * A round, told so that whoever reads the same stream by the same plans forms the same shares.
     *
     * @param lanes among how many rows are dealt
     * @param plans which state of the tables' plans this was formed by
     * @param plansConverge as those plans were made
     * @param converging as the batch is written
     * @param from where the batch's first transaction begins
     * @param through of a piece: changes of its transaction up to its end
     * @param to where the batch ends; empty while that is not known
     * @param rows that the lane's share has
     * @param stride how the lane's progress moves with it
     */
    record Work(
            int lanes,
            int plans,
            boolean plansConverge,
            boolean converging,
            Round.Form form,
            SourcePosition from,
            long through,
            Optional<SourcePosition> to,
            int rows,
            Optional<Stride> stride) {}

    String word() {
        List<Object> words = new ArrayList<>(List.of(kind, term, lane, number));
        work.ifPresent(
                of -> {
                    words.addAll(
                            List.of(
                                    of.lanes,
                                    of.plans,
                                    of.plansConverge,
                                    of.converging,
                                    of.form,
                                    of.from.text(),
                                    of.through,
                                    of.to.map(SourcePosition::text).orElse(""),
                                    of.rows));
                    of.stride.ifPresent(
                            stride ->
                                    words.addAll(
                                            List.of(
                                                    stride.from().text(),
                                                    stride.to().text(),
                                                    stride.transactions(),
                                                    stride.changes())));
                });
        return Words.of(words);
    }

    static Order read(String word) {
        Iterator<String> words = Words.split(word).iterator();
        Kind kind = Kind.valueOf(words.next());
        long term = Long.parseLong(words.next());
        int lane = Integer.parseInt(words.next());
        long number = Long.parseLong(words.next());
        return new Order(
                kind,
                term,
                lane,
                number,
                kind == Kind.WRITE ? Optional.of(work(lane, words)) : Optional.empty());
    }

    private static Work work(int lane, Iterator<String> words) {
        return new Work(
                Integer.parseInt(words.next()),
                Integer.parseInt(words.next()),
                Boolean.parseBoolean(words.next()),
                Boolean.parseBoolean(words.next()),
                Round.Form.valueOf(words.next()),
                SourcePosition.parse(words.next()),
                Long.parseLong(words.next()),
                Optional.of(words.next())
                        .filter(text -> !text.isEmpty())
                        .map(SourcePosition::parse),
                Integer.parseInt(words.next()),
                words.hasNext()
                        ? Optional.of(
                                new Stride(
                                        lane,
                                        SourcePosition.parse(words.next()),
                                        SourcePosition.parse(words.next()),
                                        Long.parseLong(words.next()),
                                        Long.parseLong(words.next())))
                        : Optional.empty());
    }
}
