package io.landbridge.apply;

import io.landbridge.target.Destination;
import java.sql.SQLException;
import java.util.List;

/**
 * What became of an {@link Order}, as a word on the wire.
 *
 * @param number the order's
 * @param detail the session at the target; of a refusal SQLSTATE
 * @param message what went wrong, for people
 */
record Answer(Kind kind, long number, String detail, String message) {

    /** connection_failure: the agent can't do it now, another will. */
    private static final String UNABLE = "08006";

    enum Kind {
        DONE,
        /** The target refused it, or could not be reached. */
        REFUSED,
        /** Another number of rows than the source's changes say. */
        DIFFERS
    }

    static Answer done(long number, long session) {
        return new Answer(Kind.DONE, number, String.valueOf(session), "");
    }

    static Answer failed(long number, Throwable why, Destination target) {
        if (why instanceof SQLException error) {
            String state = error.getSQLState() == null ? "" : error.getSQLState();
            return new Answer(Kind.REFUSED, number, state, target.judge(error).description());
        }
        return why instanceof RowsDiffer
                ? new Answer(Kind.DIFFERS, number, "", why.getMessage())
                : new Answer(Kind.REFUSED, number, UNABLE, why.toString());
    }

    String word() {
        return Words.of(List.of(kind, number, detail, Words.told(message)));
    }

    /** Whether {@code word} is an answer. */
    static boolean isOne(String word) {
        return !word.startsWith(Beat.SIGN);
    }

    static Answer read(String word) {
        List<String> words = Words.split(word);
        return new Answer(
                Kind.valueOf(words.get(0)),
                Long.parseLong(words.get(1)),
                words.get(2),
                words.get(3));
    }

    /** What to throw where the order came from; only of a failure. */
    Exception failure(String agent) {
        String told = message + " (told by " + agent + ")";
        return kind == Kind.DIFFERS ? new RowsDiffer(told) : new SQLException(told, detail);
    }
}
