package io.landbridge.buffer;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.offsets.SourcePosition;
import java.nio.file.Path;

/** The faults that say that the buffer lacks something it once held: never gone over silently. */
final class Gap {

    private static final String HINT =
            "put the missing or damaged files back from where they went and start again; when they"
                    + " are lost for good, begin anew with 'landbridge abort' and 'landbridge run'";

    private Gap() {}

    /** Files of the buffer are missing. */
    static Fault missing(Path directory, long from, long to) {
        return of(
                "excerpts "
                        + from
                        + " to "
                        + to
                        + " are missing in "
                        + directory
                        + ": their segment is gone or cut short");
    }

    /** One excerpt can't be read. */
    static Fault excerpt(Path segment, long sequence, String why, Throwable cause) {
        return Fault.of(
                        FaultCode.BUFFER_GAP,
                        "excerpt " + sequence + " in " + segment + " " + why,
                        cause)
                .hint(HINT);
    }

    /** What was forced to disk, and so perhaps forgotten by the source, is not there any more. */
    static Fault lostTail(Path directory, long forced, long readable) {
        return of(
                "excerpts were on disk up to "
                        + forced
                        + ", but in "
                        + directory
                        + " only those up to "
                        + readable
                        + " can be read");
    }

    /** Transactions between two positions are not in the buffer. */
    static Fault between(Path directory, SourcePosition applied, SourcePosition available) {
        return of("the buffer " + directory + " " + ExcerptReader.hole(applied, available))
                .at(applied);
    }

    /** The dictionary is missing or cut short. */
    static Fault layouts(Path file, long readable, long expected) {
        return of("of " + expected + " table layouts only " + readable + " can be read in " + file);
    }

    /** A change names a layout that the dictionary lacks. */
    static Fault layout(Path file, int id) {
        return of("table layout " + id + " is missing in " + file);
    }

    /** Segments without the file that says what they must hold. */
    static Fault state(Path file) {
        return of(file + " is missing or damaged");
    }

    static Fault of(String what) {
        return Fault.of(FaultCode.BUFFER_GAP, what).hint(HINT);
    }
}
