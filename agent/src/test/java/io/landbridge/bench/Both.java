package io.landbridge.bench;

import java.util.concurrent.CompletableFuture;

/** Two pieces of work beside each other. */
final class Both {

    private Both() {}

    /** A piece of work. */
    interface Task {
        void run() throws Exception;
    }

    /** Returns when both have ended. */
    static void run(Task one, Task other) throws Exception {
        CompletableFuture<Void> beside =
                CompletableFuture.runAsync(
                        () -> {
                            try {
                                one.run();
                            } catch (Exception e) {
                                throw new IllegalStateException(e);
                            }
                        });
        other.run();
        beside.get();
    }
}
