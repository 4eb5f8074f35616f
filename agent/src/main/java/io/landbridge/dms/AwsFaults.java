package io.landbridge.dms;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import java.util.Set;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** Turns what AWS's client throws into faults, by error codes and status, never by texts. */
final class AwsFaults {

    private static final Set<String> LOGIN =
            Set.of(
                    "ExpiredToken",
                    "ExpiredTokenException",
                    "RequestExpired",
                    "UnrecognizedClientException",
                    "InvalidClientTokenId",
                    "InvalidSignatureException",
                    "SignatureDoesNotMatch",
                    "IncompleteSignature",
                    "MissingAuthenticationToken");

    private static final Set<String> RIGHTS =
            Set.of("AccessDenied", "AccessDeniedException", "AccessDeniedFault");

    private static final int SERVER_ERRORS = 500;

    private AwsFaults() {}

    /** Does {@code call}; {@code what} is the operation as IAM calls it, such as dms:StopTask. */
    static <T> T during(String what, Supplier<T> call) {
        try {
            return call.get();
        } catch (AwsServiceException e) {
            throw refused(what, e);
        } catch (SdkException e) {
            throw Fault.of(
                            FaultCode.DMS_UNREACHABLE,
                            "no answer from AWS to " + what + ": " + e.getMessage(),
                            e)
                    .hint(
                            "see whether dms.endpoint and dms.region are reached from here and AWS's"
                                    + " credentials are found; it is tried again");
        }
    }

    private static Fault refused(String what, AwsServiceException e) {
        String code = e.awsErrorDetails() == null ? "" : e.awsErrorDetails().errorCode();
        if (e.isThrottlingException() || e.statusCode() >= SERVER_ERRORS) {
            return Fault.of(
                            FaultCode.DMS_UNREACHABLE,
                            "AWS can't answer " + what + " now: " + said(e),
                            e)
                    .hint("it is tried again");
        }
        Fault fault = Fault.of(FaultCode.DMS_REFUSED, "AWS refuses " + what + ": " + said(e), e);
        if (LOGIN.contains(code)) {
            return fault.hint(
                    "give the agent credentials that are valid (environment, profile or role),"
                            + " then 'landbridge resume'");
        }
        if (RIGHTS.contains(code)) {
            return fault.hint(
                    "allow " + what + " as agent/docs/dms.md shows, then 'landbridge resume'");
        }
        return fault.hint("see section dms of the configuration, then 'landbridge resume'");
    }

    private static String said(AwsServiceException e) {
        return e.awsErrorDetails() == null
                ? "HTTP status " + e.statusCode()
                : e.awsErrorDetails().errorCode() + ", " + e.awsErrorDetails().errorMessage();
    }
}
