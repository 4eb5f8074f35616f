package io.landbridge.cutover;

import io.landbridge.fault.Fault;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The questions that are asked before a cutover. A question that can't be answered counts as
 * answered with no.
 */
public final class Readiness {

    private final Map<String, Supplier<Evidence>> questions = new LinkedHashMap<>();

    /** Adds a question; returns this. */
    public Readiness ask(String what, Supplier<Evidence> question) {
        questions.put(what, question);
        return this;
    }

    /** Adds something that must be possible: a fault speaks against the cutover. */
    public Readiness require(String what, Runnable attempt) {
        return ask(
                what,
                () -> {
                    attempt.run();
                    return Evidence.good(what, "yes");
                });
    }

    /** All answers, in the order of the questions. */
    public List<Evidence> answers() {
        List<Evidence> answers = new ArrayList<>();
        questions.forEach((what, question) -> answers.add(answer(what, question)));
        return answers;
    }

    private static Evidence answer(String what, Supplier<Evidence> question) {
        try {
            return question.get();
        } catch (Fault e) {
            return Evidence.bad(what, e.describe());
        }
    }
}
