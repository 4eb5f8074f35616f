package io.landbridge.apply;

import io.landbridge.offsets.SourcePosition;
import java.util.List;

/**
 * What the agent that leads answers to a {@link Beat}.
 *
 * @param applied everything up to here is in the target
 */
record Lead(SourcePosition applied) {

    private static final String SIGN = "LEAD";

    String word() {
        return Words.of(List.of(SIGN, applied.text()));
    }

    static boolean isOne(String word) {
        return word.startsWith(SIGN);
    }

    static Lead read(String word) {
        return new Lead(SourcePosition.parse(Words.split(word).get(1)));
    }
}
