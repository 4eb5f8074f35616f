package io.landbridge.phase;

import io.landbridge.buffer.BufferStatus;
import io.landbridge.phase.MigrationStatus.ActiveFault;
import io.landbridge.phase.MigrationStatus.ApplyState;
import io.landbridge.phase.MigrationStatus.Assessment;
import io.landbridge.phase.MigrationStatus.CaptureState;
import io.landbridge.phase.MigrationStatus.CrewState;
import io.landbridge.phase.MigrationStatus.CutoverState;
import io.landbridge.phase.MigrationStatus.Identity;
import io.landbridge.phase.MigrationStatus.LoadTotals;
import io.landbridge.phase.MigrationStatus.RepairResult;
import io.landbridge.phase.MigrationStatus.Slot;
import io.landbridge.phase.MigrationStatus.Stage;
import io.landbridge.phase.MigrationStatus.TableProgress;
import io.landbridge.phase.MigrationStatus.TransportState;
import io.landbridge.phase.MigrationStatus.ValidationResult;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Puts a {@link MigrationStatus} together; what isn't set stays off, empty or unknown. */
public final class MigrationStatusBuilder {

    private final Instant at;
    private final Identity migration;
    private final Stage stage;
    private Assessment assessment;
    private LoadTotals load = LoadTotals.NONE;
    private List<TableProgress> tables = List.of();
    private CaptureState capture = CaptureState.OFF;
    private TransportState transport = new TransportState("chronicle", "chronicle");
    private BufferStatus buffer = new BufferStatus(0, 0, 0, false);
    private ApplyState apply = ApplyState.OFF;
    private CrewState crew = CrewState.WAITING;
    private Slot slot;
    private ValidationResult validation;
    private RepairResult repair;
    private CutoverState cutover = CutoverState.NONE;
    private List<ActiveFault> faults = List.of();
    private Map<String, Long> faultCounts = Map.of();

    public MigrationStatusBuilder(Instant at, Identity migration, Stage stage) {
        this.at = at;
        this.migration = migration;
        this.stage = stage;
    }

    public MigrationStatusBuilder assessment(Assessment value) {
        assessment = value;
        return this;
    }

    public MigrationStatusBuilder load(LoadTotals totals, List<TableProgress> perTable) {
        load = totals;
        tables = perTable;
        return this;
    }

    public MigrationStatusBuilder capture(CaptureState value) {
        capture = value;
        return this;
    }

    public MigrationStatusBuilder transport(TransportState value) {
        transport = value;
        return this;
    }

    public MigrationStatusBuilder buffer(BufferStatus value) {
        buffer = value;
        return this;
    }

    public MigrationStatusBuilder apply(ApplyState value) {
        apply = value;
        return this;
    }

    public MigrationStatusBuilder crew(CrewState value) {
        crew = value;
        return this;
    }

    public MigrationStatusBuilder slot(Slot value) {
        slot = value;
        return this;
    }

    public MigrationStatusBuilder validation(ValidationResult value) {
        validation = value;
        return this;
    }

    public MigrationStatusBuilder repair(RepairResult value) {
        repair = value;
        return this;
    }

    public MigrationStatusBuilder cutover(CutoverState value) {
        cutover = value;
        return this;
    }

    public MigrationStatusBuilder faults(List<ActiveFault> active, Map<String, Long> counts) {
        faults = active;
        faultCounts = counts;
        return this;
    }

    public MigrationStatus build() {
        return new MigrationStatus(
                at,
                migration,
                stage,
                Optional.ofNullable(assessment),
                load,
                tables,
                capture,
                transport,
                buffer,
                apply,
                crew,
                Optional.ofNullable(slot),
                Optional.ofNullable(validation),
                Optional.ofNullable(repair),
                cutover,
                faults,
                faultCounts);
    }
}
