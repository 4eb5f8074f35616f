package io.landbridge.validate;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.change.TableId;
import io.landbridge.config.ValidationConfig.Mode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ValidationPageTest {

    private static final TableId ORDERS = new TableId("public", "orders");

    @Test
    void saysThatBothSidesAreEqual() {
        String html = ValidationPage.of(report(equal())).html();
        assertThat(html)
                .contains("Both sides are equal", "1,000 rows compared in 1 table", "1/A0B1C2")
                .contains("public.orders")
                .doesNotContain("Not equal");
    }

    @Test
    void showsKeysKindsAndColumnsAndValuesOnlyWhenTheRecordHasThem() {
        RowDifference difference =
                new RowDifference(
                        RowDifference.Kind.DIFFERENT,
                        Map.of("id", "<7>"),
                        1,
                        "ab",
                        List.of("email"),
                        Map.of());
        String without = ValidationPage.of(report(different(difference))).html();
        assertThat(without)
                .contains("1 table of 1 not proven equal", "id = &lt;7&gt;", "different", "email")
                .doesNotContain("At the source");
        String with =
                ValidationPage.of(
                                report(
                                        different(
                                                new RowDifference(
                                                        difference.kind(),
                                                        difference.key(),
                                                        1,
                                                        "ab",
                                                        List.of("email"),
                                                        Map.of(
                                                                "email",
                                                                new RowDifference.Values(
                                                                        Optional.of("a@b"),
                                                                        Optional.empty()))))))
                        .html();
        assertThat(with).contains("At the source", "email = a@b", "email = NULL");
    }

    private static ValidationReport report(TableResult table) {
        return new ValidationReport(
                "main",
                Mode.FULL,
                Instant.parse("2026-03-01T12:00:00Z"),
                Duration.ofSeconds(3),
                "1/A0B1C2",
                Duration.ofMillis(12),
                List.of(table),
                List.of());
    }

    private static TableResult equal() {
        return new TableResult(
                ORDERS,
                TableResult.Outcome.EQUAL,
                Optional.of(Mode.FULL),
                "1/A0B1C2",
                1000,
                1000,
                1000,
                "aa",
                "aa",
                0,
                0,
                0,
                List.of(),
                "",
                Duration.ofSeconds(1));
    }

    private static TableResult different(RowDifference difference) {
        return new TableResult(
                ORDERS,
                TableResult.Outcome.DIFFERENT,
                Optional.of(Mode.FULL),
                "1/A0B1C2",
                1000,
                1000,
                1000,
                "aa",
                "bb",
                0,
                0,
                1,
                List.of(difference),
                "rows differ",
                Duration.ofSeconds(1));
    }
}
