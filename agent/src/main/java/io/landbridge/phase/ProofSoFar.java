package io.landbridge.phase;

import io.landbridge.apply.ApplierStatus;
import io.landbridge.buffer.ChangeBuffer;
import io.landbridge.change.TableId;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.validate.Scope;
import io.landbridge.validate.TableResult;
import io.landbridge.validate.TouchedRows;
import io.landbridge.validate.ValidationReport;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is proven of both sides' equality while a stream runs: at first nothing, after a clean
 * comparison everything but what the stream has touched since. Begins anew with every stream, since
 * what was touched is remembered in memory only.
 *
 * <p>It keeps the books, too: what passed through the buffer against what the applier says it
 * applied.
 *
 * <p>Owned by the controller's thread; {@link #through} comes from any.
 */
final class ProofSoFar implements AutoCloseable {

    /** About 60 MB of keys. */
    static final int MOST_ROWS = 200_000;

    private final TouchedRows touched;
    private final long transactionsBefore;
    private final long changesBefore;
    private final Map<TableId, Long> sizes = new HashMap<>();
    private boolean compared;

    /** Tables that were compared before the following began: touched since by nobody knows what. */
    private Set<TableId> comparedBefore = Set.of();

    /** What {@link #open} gave out last and nobody has compared yet. */
    private Optional<TouchedRows.Known> known = Optional.empty();

    private ProofSoFar(TouchedRows touched, long transactionsBefore, long changesBefore) {
        this.touched = touched;
        this.transactionsBefore = transactionsBefore;
        this.changesBefore = changesBefore;
    }

    /**
     * Follows {@code buffer} from {@code start}, where both sides stood still and were equal and
     * the applier begins.
     */
    static ProofSoFar ofEqualSides(ChangeBuffer buffer, SourcePosition start) {
        ProofSoFar proof =
                new ProofSoFar(new TouchedRows(buffer.readAfter(start), start, MOST_ROWS), 0, 0);
        proof.compared = true;
        return proof;
    }

    /** Follows {@code buffer} from where the applier is. */
    static ProofSoFar begin(ChangeBuffer buffer, ApplierStatus applier) {
        SourcePosition applied = applied(applier);
        return new ProofSoFar(
                new TouchedRows(buffer.readAfter(applied), applied, MOST_ROWS),
                applier.transactions(),
                applier.changes());
    }

    /**
     * Where {@code applier} is.
     *
     * @throws Fault TARGET_UNREACHABLE, which passes, before it has asked the target
     */
    static SourcePosition applied(ApplierStatus applier) {
        return applier.applied()
                .orElseThrow(
                        () ->
                                Fault.of(
                                        FaultCode.TARGET_UNREACHABLE,
                                        "the applier has not reached the target yet"));
    }

    /** What must be compared for both sides to be proven equal. */
    Scope open() {
        if (!compared) {
            return Scope.EVERYTHING;
        }
        known = Optional.of(touched.known());
        return known.get().scope();
    }

    /** Whether everything was compared once, and what was touched since is known. */
    boolean isCompared() {
        return compared && comparedBefore.isEmpty();
    }

    /** How much is left to compare; meaningful once everything was compared. */
    Remainder remainder() {
        Set<TableId> whole = touched.wholeTables();
        return new Remainder(
                touched.rows(),
                whole.size(),
                whole.stream().mapToLong(table -> sizes.getOrDefault(table, 0L)).sum());
    }

    /**
     * What is left.
     *
     * @param rows to be looked up one by one
     * @param tables to be compared whole, with {@code rowsInTables} when they were compared last
     */
    record Remainder(int rows, int tables, long rowsInTables) {}

    /** Takes note of a comparison of what was {@link #open}, or of everything. */
    void compared(ValidationReport report) {
        Optional<TouchedRows.Known> scope = known;
        known = Optional.empty();
        if (!report.clean()) {
            compared = false;
            return;
        }
        compared = true;
        report.tables()
                .forEach(table -> sizes.merge(table.table(), table.comparedRows(), Math::max));
        report.tables().stream()
                .map(TableResult::position)
                .filter(position -> !position.isEmpty())
                .map(SourcePosition::parse)
                .min(Comparator.naturalOrder())
                .ifPresent(
                        at ->
                                scope.ifPresentOrElse(
                                        rows -> touched.proven(rows, at),
                                        () -> touched.provenAt(at)));
        comparedBefore =
                report.tables().stream()
                        .filter(this::isComparedBefore)
                        .map(TableResult::table)
                        .collect(Collectors.toSet());
        comparedBefore.forEach(touched::touchedWhole);
    }

    private boolean isComparedBefore(TableResult table) {
        return !table.position().isEmpty()
                && !SourcePosition.parse(table.position()).covers(touched.since());
    }

    SourcePosition through() {
        return touched.through();
    }

    /** Waits until all that lies before {@code position} is known. */
    void follow(SourcePosition position, long millis) throws InterruptedException {
        if (!touched.awaitThrough(position, millis)) {
            throw Fault.of(
                            FaultCode.VALIDATION_FAILED,
                            "what was touched up to " + position.text() + " is not known in time")
                    .hint("cut over again when the lag is small");
        }
    }

    /**
     * The books at the moment when {@code applier} stands still.
     *
     * @throws Fault VALIDATION_FAILED when they don't balance
     */
    TouchedRows.Ledger balanced(ApplierStatus applier) {
        SourcePosition applied = applier.applied().orElseThrow();
        TouchedRows.Ledger ledger =
                touched.ledgerAt(applied)
                        .orElseThrow(
                                () ->
                                        unbalanced(
                                                applied,
                                                "nothing that was captured ends at "
                                                        + applied.text()
                                                        + ", where the applier stands"));
        if (ledger.captured() != ledger.changes()) {
            throw unbalanced(
                    applied,
                    "%d changes were captured between %s and %s, %d were in the buffer"
                            .formatted(
                                    ledger.captured(),
                                    ledger.since().text(),
                                    applied.text(),
                                    ledger.changes()));
        }
        long transactions = applier.transactions() - transactionsBefore;
        long changes = applier.changes() - changesBefore;
        if (transactions != ledger.transactions() || changes != ledger.changes()) {
            throw unbalanced(
                    applied,
                    "%d transactions with %d changes were captured between %s and %s, %d with %d were applied"
                            .formatted(
                                    ledger.transactions(),
                                    ledger.changes(),
                                    ledger.since().text(),
                                    applied.text(),
                                    transactions,
                                    changes));
        }
        return ledger;
    }

    private static Fault unbalanced(SourcePosition at, String why) {
        return Fault.of(FaultCode.VALIDATION_FAILED, "the books don't balance: " + why)
                .at(at)
                .hint("report it with the log, and validate before you cut over again");
    }

    @Override
    public void close() {
        touched.close();
    }
}
