package io.landbridge.observe;

import io.landbridge.buffer.BufferStatus;
import io.landbridge.change.TableId;
import io.landbridge.phase.MigrationStatus.ActiveFault;
import io.landbridge.phase.MigrationStatus.ApplyState;
import io.landbridge.phase.MigrationStatus.Batches;
import io.landbridge.phase.MigrationStatus.CaptureState;
import io.landbridge.phase.MigrationStatus.ConnectorState;
import io.landbridge.phase.MigrationStatus.Identity;
import io.landbridge.phase.MigrationStatus.LoadTotals;
import io.landbridge.phase.MigrationStatus.Slot;
import io.landbridge.phase.MigrationStatus.Stage;
import io.landbridge.phase.MigrationStatus.StopReason;
import io.landbridge.phase.MigrationStatus.TableProgress;
import io.landbridge.phase.MigrationStatus.TableState;
import io.landbridge.phase.MigrationStatus.ValidationResult;
import io.landbridge.phase.MigrationStatusBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Statuses as a controller would give them. */
public final class Statuses {

    private Statuses() {}

    /** A migration of two tables in {@code phase}, everything well. */
    public static MigrationStatusBuilder in(String phase) {
        Instant now = Instant.now();
        return new MigrationStatusBuilder(
                        now,
                        new Identity(
                                "shop",
                                "full-load-cdc",
                                "postgresql://app@old:5432/shop",
                                "postgresql://app@new:5432/shop",
                                true),
                        new Stage(phase, "", now.minusSeconds(60), now.minusSeconds(600), false))
                .load(
                        new LoadTotals(
                                2,
                                1,
                                1_500,
                                2_000,
                                15_000,
                                20_000,
                                100,
                                1_000,
                                Optional.of(Duration.ofSeconds(5))),
                        List.of(
                                table("orders", TableState.LOADING, 500, 1_000),
                                table("people", TableState.LOADED, 1_000, 1_000)));
    }

    /** As {@link #in}, and the stream {@code lag} behind. */
    public static MigrationStatusBuilder streaming(String phase, Duration lag) {
        return in(phase)
                .capture(
                        new CaptureState(
                                "STREAMING",
                                Optional.of("0/5000"),
                                Optional.of(0L),
                                70,
                                700,
                                1,
                                Optional.of(
                                        new ConnectorState(
                                                "RUNNING",
                                                2,
                                                Optional.of(40L),
                                                Optional.of(4_000L)))))
                .buffer(new BufferStatus(12, 4_096, 1 << 20, false))
                .apply(
                        new ApplyState(
                                "STRICT",
                                2,
                                Optional.of("0/4000"),
                                Optional.of(lag),
                                Optional.of(4_096L),
                                60,
                                600,
                                new Batches(6, 550, 100, 12.5),
                                3,
                                1))
                .slot(
                        new Slot(
                                "landbridge_shop",
                                65_536,
                                "0/4000",
                                "reserved",
                                Optional.of(1L << 30),
                                Optional.of(Duration.ofHours(30)),
                                false));
    }

    /** A validation that ended. */
    public static ValidationResult validation(String outcome, long differences) {
        return new ValidationResult(
                outcome,
                "full",
                Instant.parse("2026-01-01T00:00:00Z"),
                Optional.of(Instant.parse("2026-01-01T00:01:00Z")),
                Optional.of("0/4000"),
                2,
                2,
                2_000,
                differences,
                differences == 0 ? List.of() : List.of(new TableId("public", "orders")),
                0);
    }

    /** What a stopped table looks like among the faults. */
    public static ActiveFault divergence() {
        return new ActiveFault(
                "DIVERGENCE",
                "an update found no row",
                Optional.of(new TableId("public", "orders")),
                Optional.of("0/4000"),
                "run 'landbridge validate'",
                Instant.parse("2026-01-01T00:00:00Z"));
    }

    /** As many faults as a map of code to count says. */
    public static Map<String, Long> counts() {
        return Map.of("DIVERGENCE", 2L);
    }

    /** A table that stopped. */
    public static TableProgress stopped(String name) {
        return new TableProgress(
                new TableId("public", name),
                TableState.STOPPED,
                10,
                10,
                100,
                100,
                0,
                Optional.empty(),
                0,
                Optional.of(new StopReason("DIVERGENCE", "an update found no row")));
    }

    private static TableProgress table(String name, TableState state, long rows, long estimated) {
        return new TableProgress(
                new TableId("public", name),
                state,
                rows,
                estimated,
                rows * 10,
                estimated * 10,
                state == TableState.LOADING ? 100 : 0,
                state == TableState.LOADING ? Optional.of(Duration.ofSeconds(5)) : Optional.empty(),
                7,
                Optional.empty());
    }
}
