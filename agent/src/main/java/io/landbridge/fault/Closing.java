package io.landbridge.fault;

import java.util.Arrays;
import java.util.Objects;

/** Closes many things and loses no failure: the first is thrown, the others hang on it. */
public final class Closing {

    private Closing() {}

    /**
     * Closes {@code parts} in the order given: the reverse of their opening. Null parts, which were
     * never opened, are passed over.
     */
    public static void all(AutoCloseable... parts) {
        RuntimeException first = null;
        for (AutoCloseable part : Arrays.stream(parts).filter(Objects::nonNull).toList()) {
            try {
                part.close();
            } catch (Exception e) {
                if (first == null) {
                    first =
                            e instanceof RuntimeException unchecked
                                    ? unchecked
                                    : Fault.of(FaultCode.INTERNAL, "closing failed", e);
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }

    /** As {@link #all} when {@code failure} is on its way already: what fails here hangs on it. */
    public static void after(Throwable failure, AutoCloseable... parts) {
        try {
            all(parts);
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }
}
