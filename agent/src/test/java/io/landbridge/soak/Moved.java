package io.landbridge.soak;

import io.landbridge.config.Configuration;
import java.nio.file.Path;
import java.time.Duration;

/** What moves there and back in {@link CutoverSoak}, and the clients that go with it. */
interface Moved extends AutoCloseable {

    Configuration configuration(Path stateDir);

    /** The clients begin. */
    void start();

    /** Returns once the clients are at the target, and all that they did before. */
    void cutOver(SoakedMigration migration) throws Exception;

    /** Returns once the clients are back at the source, and all that they did before. */
    void rollBack(SoakedMigration migration) throws Exception;

    /** The longest pause of a client since this was asked last, after it stayed for a while. */
    Duration pauseAfter(Duration stay) throws InterruptedException;

    /** Fails unless all that was acknowledged is at the target, once. */
    void assertNothingLostAtTarget();

    /** As the other; and neither side holds anything of the agent's. */
    void assertNothingLostAtSource();

    long acknowledged();

    long failed();

    /** The clients end. */
    void stop() throws InterruptedException;

    @Override
    void close();
}
