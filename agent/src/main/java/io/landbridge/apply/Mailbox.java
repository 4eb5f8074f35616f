package io.landbridge.apply;

import io.landbridge.fault.Fault;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * What others want done on the dispatch thread. {@link #post}, {@link #wake} may be called from any
 * thread, the rest belongs to that one.
 */
final class Mailbox {

    private record Letter(Runnable action, CompletableFuture<?> answer) {}

    private final LinkedBlockingQueue<Letter> letters = new LinkedBlockingQueue<>();
    private volatile Fault closed;

    /**
     * Has {@code action} run soon.
     *
     * @param answer fails when the mailbox is closed before
     */
    void post(Runnable action, CompletableFuture<?> answer) {
        letters.add(new Letter(action, answer));
        if (closed != null) {
            answer.completeExceptionally(closed);
        }
    }

    /** Ends a wait of the dispatch thread's. */
    void wake() {
        letters.add(new Letter(() -> {}, CompletableFuture.completedFuture(null)));
    }

    /** Runs what was posted before this call; false when there was nothing. */
    boolean open() {
        int waiting = letters.size();
        for (int i = 0; i < waiting; i++) {
            letters.remove().action().run();
        }
        return waiting > 0;
    }

    /** Waits for something to be posted, and runs it. */
    void await(long nanos) throws InterruptedException {
        Letter letter = letters.poll(nanos, TimeUnit.NANOSECONDS);
        if (letter != null) {
            letter.action().run();
        }
    }

    /** Answers everything, from now on, with {@code why}. */
    void close(Fault why) {
        closed = why;
        Letter letter;
        while ((letter = letters.poll()) != null) {
            letter.answer().completeExceptionally(why);
        }
    }
}
