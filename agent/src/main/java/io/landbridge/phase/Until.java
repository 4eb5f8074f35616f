package io.landbridge.phase;

import java.util.Locale;

/** Where a run ends by itself, with everything left so that a later run goes on from there. */
public enum Until {
    ASSESSED,
    LOADED,
    CAUGHT_UP,
    VALIDATED,
    COMPLETE,
    /** Never by itself: follows until it is told to stop. */
    STOPPED;

    /** As the command line spells it: {@code caught-up}. */
    public String spelling() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
