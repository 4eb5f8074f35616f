package io.landbridge.cutover;

import java.util.Map;
import java.util.function.Function;

/** A step put together from what it does and what takes it back. */
record Step(
        String name,
        Function<String, Map<String, String>> work,
        Runnable back,
        boolean isPointOfNoReturn)
        implements CutoverStep {

    /** One that leaves nothing to be taken back. */
    static Step of(String name, Function<String, Map<String, String>> work) {
        return of(name, work, () -> {});
    }

    static Step of(String name, Function<String, Map<String, String>> work, Runnable back) {
        return new Step(name, work, back, false);
    }

    Step withoutReturnIf(boolean pointOfNoReturn) {
        return new Step(name, work, back, pointOfNoReturn);
    }

    @Override
    public Map<String, String> perform(String attempt) {
        return work.apply(attempt);
    }

    @Override
    public void undo() {
        back.run();
    }
}
