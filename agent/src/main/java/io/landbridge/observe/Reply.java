package io.landbridge.observe;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import java.util.HashMap;
import java.util.Map;

/** An HTTP response, held whole in memory. */
record Reply(int status, String contentType, String body, Map<String, String> headers) {

    static final String JSON = "application/json";

    static Reply json(int status, Object body) {
        return text(status, JSON, Json.text(body));
    }

    static Reply text(int status, String contentType, String body) {
        return new Reply(status, contentType, body, Map.of());
    }

    /** A fault as JSON, under the status that its code means. */
    static Reply fault(Fault fault) {
        return json(status(fault.code()), ApiError.of(fault));
    }

    /** A request that can't be served as it is: code USAGE, {@code status} says what kind. */
    static Reply refusal(int status, String message, String hint) {
        return json(status, ApiError.of(Fault.of(FaultCode.USAGE, message).hint(hint)));
    }

    Reply with(String header, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(header, value);
        return new Reply(status, contentType, body, more);
    }

    /** 400: the request is wrong. 409: it doesn't fit what is. 503: try again later. 500: ours. */
    private static int status(FaultCode code) {
        return switch (code) {
            case CONFIG_INVALID, USAGE -> 400;
            case ASSESSMENT_BLOCKED,
                    CUTOVER_REFUSED,
                    ILLEGAL_TRANSITION,
                    REWIND_REFUSED,
                    NOT_LEADER,
                    VALIDATION_FAILED,
                    DIVERGENCE,
                    TARGET_NOT_EMPTY ->
                    409;
            default -> code.isPassing() ? 503 : 500;
        };
    }
}
