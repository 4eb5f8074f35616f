package io.landbridge.config;

import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A text that no log, page, error or process list may show. One that came from a file or a service
 * can be read anew when it is refused: passwords are rotated while a migration runs. Thread-safe.
 */
public final class Secret {

    private static final Logger LOG = LoggerFactory.getLogger(Secret.class);

    /** Whoever is refused tries again and again; the service that keeps it isn't asked as often. */
    private static final long PAUSE_NANOS = Duration.ofSeconds(5).toNanos();

    public static final Secret NONE = new Secret("");

    private final Supplier<String> origin;
    private volatile String value;
    private long nextLook = System.nanoTime();

    /** One that never changes. */
    public Secret(String value) {
        this(value, () -> value);
    }

    /**
     * One that may change.
     *
     * @param origin reads it from where it came; may throw an IllegalArgumentException that tells
     *     why it can't, without the secret
     */
    Secret(String value, Supplier<String> origin) {
        this.value = value;
        this.origin = origin;
    }

    /** The text itself, for the driver's eyes only. */
    public String reveal() {
        return value;
    }

    /**
     * Reads it anew after a login was refused with {@code refused}.
     *
     * @return whether it is another now, so that a second try makes sense
     */
    public synchronized boolean refresh(String refused) {
        if (value.equals(refused) && System.nanoTime() - nextLook >= 0) {
            try {
                value = origin.get();
            } catch (IllegalArgumentException e) {
                LOG.warn("a password that was refused can't be read anew: {}", e.getMessage());
            }
            nextLook = System.nanoTime() + PAUSE_NANOS;
        }
        return !value.equals(refused);
    }

    public boolean isEmpty() {
        return value.isEmpty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && secret.value.equals(value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return "********";
    }
}
