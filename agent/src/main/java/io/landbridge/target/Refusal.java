package io.landbridge.target;

import io.landbridge.fault.FaultCode;

/**
 * What a server's error means for the batch that met it.
 *
 * @param verdict what to do
 * @param code why a table is stopped, where the verdict is REFUSED
 * @param description why, in the server's names and without the row's values
 */
public record Refusal(Verdict verdict, FaultCode code, String description) {

    /** What to do about an error. */
    public enum Verdict {
        /** It may pass by itself or by an operator's doing: try the same again later. */
        RETRY,
        /** Two workers may stand in each other's way: the source's order settles it. */
        CONTENTION,
        /** What is to be written does not fit what is there: the source's order tells which row. */
        REFUSED
    }
}
