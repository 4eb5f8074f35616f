package io.landbridge.observe;

import io.landbridge.change.TableId;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.offsets.SourcePosition;
import java.util.Optional;

/**
 * A fault as the API tells it.
 *
 * @param code a {@link FaultCode}'s name
 * @param table {@code schema.name}
 * @param hint what to do; may be empty
 */
public record ApiError(
        String code,
        String message,
        Optional<String> table,
        Optional<String> position,
        String hint) {

    static ApiError of(Fault fault) {
        return new ApiError(
                fault.code().name(),
                fault.getMessage(),
                fault.table().map(TableId::toString),
                fault.position().map(SourcePosition::text),
                fault.hint());
    }
}
