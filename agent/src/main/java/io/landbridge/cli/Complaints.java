package io.landbridge.cli;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.fault.FaultKind;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Tells what went wrong in one block: code, what, where, what to do. Stack traces are for {@code
 * --verbose}; those of our own faults go to the log as well.
 */
final class Complaints implements IParameterExceptionHandler, IExecutionExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(Complaints.class);

    private final PrintStream err;
    private final BooleanSupplier verbose;

    Complaints(PrintStream err, BooleanSupplier verbose) {
        this.err = err;
        this.verbose = verbose;
    }

    @Override
    public int handleParseException(ParameterException error, String[] arguments) {
        String command = error.getCommandLine().getCommandSpec().qualifiedName();
        List<String> guesses = new ArrayList<>();
        if (error instanceof UnmatchedArgumentException unmatched) {
            guesses.addAll(unmatched.getSuggestions());
        }
        String meant =
                guesses.isEmpty() ? "" : "did you mean " + String.join(" or ", guesses) + "? ";
        tell(
                Fault.of(FaultCode.USAGE, error.getMessage())
                        .hint(meant + "'" + command + " --help' shows what it takes"));
        return FaultCode.USAGE.kind().exitStatus();
    }

    @Override
    public int handleExecutionException(
            Exception error, CommandLine command, ParseResult arguments) {
        Fault fault = asFault(error);
        if (fault.code().kind() == FaultKind.BUG) {
            LOG.error("{} failed", command.getCommandSpec().qualifiedName(), error);
        }
        tell(fault);
        if (verbose.getAsBoolean()) {
            error.printStackTrace(err);
        }
        return fault.code().kind().exitStatus();
    }

    private static Fault asFault(Exception error) {
        if (error instanceof Fault fault) {
            return fault;
        }
        return Fault.of(FaultCode.INTERNAL, error.toString(), error)
                .hint("run it again with --verbose and report what it shows");
    }

    private void tell(Fault fault) {
        FaultKind kind = fault.code().kind();
        err.println("landbridge: " + fault.code() + " (" + name(kind) + ")");
        field("what", fault.getMessage());
        fault.table().ifPresent(table -> field("table", table.toString()));
        fault.position().ifPresent(position -> field("at", position.text()));
        if (!fault.hint().isEmpty()) {
            field("do", fault.hint());
        }
    }

    private void field(String name, String text) {
        String indent = "\n         ";
        err.printf("  %-6s %s%n", name, text.replaceAll("\\R", indent));
    }

    private static String name(FaultKind kind) {
        return kind == FaultKind.BUG ? "Landbridge itself" : kind.name().toLowerCase(Locale.ROOT);
    }
}
