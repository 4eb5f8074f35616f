package io.landbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.ScriptedMigrations;
import io.landbridge.change.TableId;
import io.landbridge.config.HttpConfig;
import io.landbridge.config.Secret;
import io.landbridge.config.ValidationConfig.Mode;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.observe.AgentServer;
import io.landbridge.observe.Json;
import io.landbridge.observe.RecordedControl;
import io.landbridge.observe.Statuses;
import io.landbridge.phase.ComparisonOrder;
import io.landbridge.phase.MigrationStatus;
import io.landbridge.phase.MigrationStatus.ActiveFault;
import io.landbridge.phase.MigrationStatus.Attempt;
import io.landbridge.phase.MigrationStatus.CutoverState;
import io.landbridge.phase.MigrationStatus.CutoverStep;
import io.landbridge.phase.MigrationStatus.RepairResult;
import io.landbridge.phase.MigrationStatus.Rewound;
import io.landbridge.phase.MigrationStatus.Stage;
import io.landbridge.phase.MigrationStatus.TransportState;
import io.landbridge.phase.MigrationStatusBuilder;
import io.landbridge.testkit.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgentCommandsTest {

    private final RecordedControl control =
            new RecordedControl(Statuses.streaming("CDC", Duration.ofSeconds(2)).build());
    private final Cli cli = new Cli(new ScriptedMigrations(control));
    private AgentServer server = serve(Secret.NONE);

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void statusTellsEverythingInWords() {
        control.show(
                Statuses.streaming("CDC", Duration.ofMillis(2_500))
                        .validation(Statuses.validation("DIFFERENT", 3))
                        .faults(List.of(Statuses.divergence()), Statuses.counts())
                        .build());
        Cli.Result result = run("status");
        assertThat(result.status()).isZero();
        assertThat(result.out())
                .contains("migration   shop, full-load-cdc")
                .contains("source      postgresql://app@old:5432/shop")
                .contains("tables      1 loading, 1 loaded")
                .contains("capture     streaming, at 0/5000")
                .contains("strict, lag 2.5 s and 4.0 KiB, 12 events waiting")
                .contains("slot        the source keeps 64.0 KiB for us (reserved), enough room")
                .contains("validation  different, 2 of 2 tables, 2,000 rows compared at 0/4000, 3")
                .contains("fault       DIVERGENCE: an update found no row (table public.orders)");
    }

    @Test
    void statusComesAsJsonToo() {
        String json = run("status", "--format", "json").out();
        assertThat(Json.read(json, MigrationStatus.class)).isEqualTo(control.status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pause",
                "resume",
                "validate",
                "repair",
                "cutover",
                "rollback",
                "finish",
                "abort"
            })
    void actionsReachTheAgent(String action) {
        Cli.Result result = run(action);
        assertThat(result.status()).isZero();
        assertThat(result.out()).isEqualTo(action + ": accepted" + System.lineSeparator());
        assertThat(control.asked()).containsExactly(action);
    }

    private static CutoverState dryRun(String outcome, String detail) {
        return new CutoverState(
                Optional.of(
                        new Attempt(
                                "a1", "dry-run", outcome, Optional.of("the lag is more than 5 s"))),
                List.of(
                        new CutoverStep(
                                "TAKE_DOWN", "DONE", Optional.empty(), Optional.empty(), detail)),
                List.of(),
                Optional.empty());
    }

    @Test
    void dryRunPrintsWhatItFound() {
        control.show(Statuses.in("CDC").build());
        CompletableFuture<Cli.Result> waiting = inBackground("cutover", "--dry-run");
        control.show(
                Statuses.in("CDC").cutover(dryRun("DONE", "expected pause: about 90 ms")).build());
        Cli.Result result = waiting.join();
        assertThat(result.status()).isZero();
        assertThat(result.out()).contains("TAKE_DOWN: expected pause: about 90 ms");
    }

    @Test
    void dryRunOfWhatWouldBeRefusedEndsWithFive() {
        control.show(Statuses.in("CDC").build());
        CompletableFuture<Cli.Result> waiting = inBackground("cutover", "--dry-run");
        control.show(Statuses.in("CDC").cutover(dryRun("UNDONE", "")).build());
        Cli.Result result = waiting.join();
        assertThat(result.status()).isEqualTo(5);
        assertThat(result.err()).contains("would not go through", "the lag is more than 5 s");
    }

    @Test
    void refusalKeepsItsCodeAndBecomesTheExitStatus() {
        control.refuse(Fault.of(FaultCode.CUTOVER_REFUSED, "the lag is 9 s").hint("wait"));
        Cli.Result result = run("cutover");
        assertThat(result.status()).isEqualTo(5);
        assertThat(result.err())
                .contains("landbridge: CUTOVER_REFUSED (data)")
                .contains("the lag is 9 s")
                .contains("  do     wait");
    }

    @Test
    void validateWaitsForTheNextResult() {
        control.show(Statuses.in("CDC").build());
        CompletableFuture<Cli.Result> waiting = inBackground("validate", "--wait");
        control.show(Statuses.in("CDC").validation(Statuses.validation("CLEAN", 0)).build());
        Cli.Result result = waiting.join();
        assertThat(result.out()).contains("validate: both sides are equal, 2,000 rows compared");
        assertThat(result.status()).isZero();
    }

    @Test
    void validationThatFindsDifferencesEndsWithFive() {
        control.show(Statuses.in("VALIDATION").build());
        CompletableFuture<Cli.Result> waiting = inBackground("validate", "--wait");
        control.show(Statuses.in("CDC").validation(Statuses.validation("DIFFERENT", 2)).build());
        Cli.Result result = waiting.join();
        assertThat(result.status()).isEqualTo(5);
        assertThat(result.err()).contains("VALIDATION_FAILED").contains("2 rows differ");
    }

    @Test
    void whatIsToBeComparedTravelsWithTheRequest() {
        run("validate", "public.*", "--mode", "count", "--show-values");
        assertThat(control.ordered())
                .isEqualTo(new ComparisonOrder(List.of("public.*"), Optional.of(Mode.COUNT), true));
        run("repair", "a.b", "c.d");
        assertThat(control.ordered())
                .isEqualTo(new ComparisonOrder(List.of("a.b", "c.d"), Optional.empty(), false));
        run("validate");
        assertThat(control.ordered()).isEqualTo(ComparisonOrder.USUAL);
    }

    @Test
    void repairWaitsForItsResult() {
        control.show(Statuses.in("CDC").build());
        CompletableFuture<Cli.Result> waiting = inBackground("repair", "--wait");
        control.show(Statuses.in("CDC").repair(repair(List.of())).build());
        assertThat(waiting.join().out())
                .contains("repair: 3 rows mended in 2 tables, equal at 0/5000")
                .contains("following again: [public.orders]");
    }

    @Test
    void repairThatLeavesATableEndsWithFive() {
        control.show(Statuses.in("CDC").build());
        CompletableFuture<Cli.Result> waiting = inBackground("repair", "--wait");
        control.show(
                Statuses.in("CDC").repair(repair(List.of(new TableId("public", "items")))).build());
        Cli.Result result = waiting.join();
        assertThat(result.status()).isEqualTo(5);
        assertThat(result.err()).contains("not repaired: [public.items]");
    }

    private static RepairResult repair(List<TableId> unrepaired) {
        return new RepairResult(
                unrepaired.isEmpty() ? "REPAIRED" : "NOT_REPAIRED",
                Instant.EPOCH,
                Optional.of(Instant.EPOCH.plusSeconds(1)),
                Optional.of("0/5000"),
                2,
                3,
                List.of(new TableId("public", "orders")),
                unrepaired);
    }

    @Test
    void resultOfBeforeTheRequestDoesNotCount() {
        control.show(Statuses.in("CDC").validation(Statuses.validation("CLEAN", 0)).build());
        Cli.Result result = run("validate", "--wait", "--timeout", "500ms");
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).contains("isn't done within the --timeout");
    }

    @Test
    void cutoverThatWasUndoneEndsWithFive() {
        CompletableFuture<Cli.Result> waiting = inBackground("cutover", "--wait");
        ActiveFault undone =
                new ActiveFault(
                        "CUTOVER_REFUSED",
                        "the cutover was undone: a lock wasn't granted",
                        Optional.empty(),
                        Optional.empty(),
                        "end the session that holds it",
                        Instant.now());
        control.show(Statuses.in("CDC").faults(List.of(undone), Statuses.counts()).build());
        Cli.Result result = waiting.join();
        assertThat(result.status()).isEqualTo(5);
        assertThat(result.err()).contains("undone").contains("end the session that holds it");
    }

    @Test
    void modeWaitsUntilTheOtherTransportCarriesTheChanges() {
        CompletableFuture<Cli.Result> waiting = inBackground("mode", "kafka", "--wait");
        assertThat(control.asked()).containsExactly("transport KAFKA");
        control.show(
                Statuses.streaming("CDC", Duration.ZERO)
                        .transport(new TransportState("kafka", "kafka"))
                        .build());
        assertThat(waiting.join().out()).contains("mode: kafka carries the changes");
    }

    @Test
    void modeThatCanNotBeHadEndsWithTheFault() {
        CompletableFuture<Cli.Result> waiting = inBackground("mode", "kafka", "--wait");
        ActiveFault refused =
                new ActiveFault(
                        "TRANSPORT_SWITCH",
                        "chronicle goes on: KAFKA_UNREACHABLE",
                        Optional.empty(),
                        Optional.empty(),
                        "see whether the brokers run",
                        Instant.now());
        control.show(Statuses.in("CDC").faults(List.of(refused), Statuses.counts()).build());
        Cli.Result result = waiting.join();
        assertThat(result.status()).isEqualTo(FaultCode.TRANSPORT_SWITCH.kind().exitStatus());
        assertThat(result.err()).contains("chronicle goes on", "see whether the brokers run");
    }

    @Test
    void modeCanBeTriedFirst() {
        Cli.Result result = run("mode", "kafka", "--dry-run");
        assertThat(result.out()).contains("mode: kafka can carry the changes");
        assertThat(control.asked()).containsExactly("check transport KAFKA");
        control.refuse(Fault.of(FaultCode.KAFKA_UNREACHABLE, "no broker answers"));
        result = run("mode", "kafka", "--dry-run");
        assertThat(result.status()).isEqualTo(FaultCode.KAFKA_UNREACHABLE.kind().exitStatus());
        assertThat(result.err()).contains("no broker answers");
    }

    @Test
    void cutoverWaitsForTheSwitch() {
        CompletableFuture<Cli.Result> waiting = inBackground("cutover", "--wait");
        control.show(Statuses.in("MONITORING").build());
        assertThat(waiting.join().out()).contains("the target takes the writes");
    }

    @Test
    void rollbackToAMomentWaitsForItOrForItsRefusal() {
        Instant moment = Instant.parse("2026-11-22T21:48:15Z");
        CompletableFuture<Cli.Result> waiting =
                inBackground("rollback", "--to", moment.toString(), "--wait");
        Stage following = Statuses.in("CDC").build().stage();
        control.show(
                new MigrationStatusBuilder(
                                moment,
                                Statuses.in("CDC").build().migration(),
                                new Stage(
                                        "CDC",
                                        "FOLLOW",
                                        following.since(),
                                        following.startedAt(),
                                        true,
                                        Optional.of(
                                                new Rewound(moment, "0/1", moment.minusMillis(7)))))
                        .build());
        assertThat(waiting.join().out()).contains("after its commit of 2026-11-22T21:48:14.993Z");
        assertThat(control.asked()).containsExactly("rollback to " + moment);
        assertThat(run("status").out()).contains("the target is what the source was at " + moment);
    }

    @Test
    void failedMigrationEndsTheWaitWithItsFault() {
        CompletableFuture<Cli.Result> waiting = inBackground("rollback", "--wait");
        control.show(
                Statuses.in("FAILED")
                        .faults(List.of(Statuses.divergence()), Statuses.counts())
                        .build());
        Cli.Result result = waiting.join();
        assertThat(result.status()).isEqualTo(5);
        assertThat(result.err()).contains("landbridge: DIVERGENCE (data)");
    }

    @Test
    void tokenComesFromTheEnvironmentOrAFile(@TempDir Path dir) throws Exception {
        server.close();
        server = serve(new Secret("s3cret"));
        Cli.Result without = run("pause");
        assertThat(without.status()).isEqualTo(2);
        assertThat(without.err()).contains("needs the agent's token");
        Path file = Files.writeString(dir.resolve("token"), "s3cret\n");
        assertThat(run("pause", "--token-file", file.toString()).status()).isZero();
        cli.with("LANDBRIDGE_HTTP_TOKEN", "s3cret");
        assertThat(run("resume").status()).isZero();
        assertThat(control.asked()).containsExactly("pause", "resume");
    }

    @Test
    void addressComesFromTheEnvironmentToo() {
        cli.with("LANDBRIDGE_URL", server.url().toString());
        assertThat(cli.run("pause").status()).isZero();
    }

    @Test
    void agentThatDoesNotAnswerIsToldPlainly() {
        String url = server.url().toString();
        server.close();
        Cli.Result result = cli.run("status", "--url", url);
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).contains("no agent answers at " + url);
        assertThat(cli.run("status", "--url", "nonsense").status()).isEqualTo(2);
    }

    private Cli.Result run(String command, String... options) {
        String[] arguments = new String[options.length + 3];
        arguments[0] = command;
        arguments[1] = "--url";
        arguments[2] = server.url().toString();
        System.arraycopy(options, 0, arguments, 3, options.length);
        return cli.run(arguments);
    }

    /** Returns once the agent was asked. */
    private CompletableFuture<Cli.Result> inBackground(String command, String... options) {
        CompletableFuture<Cli.Result> result =
                CompletableFuture.supplyAsync(() -> run(command, options));
        Await.until("the agent was asked", Duration.ofMinutes(1), () -> !control.asked().isEmpty());
        return result;
    }

    private AgentServer serve(Secret token) {
        return AgentServer.start(
                new HttpConfig("127.0.0.1", 0, token, Duration.ofMinutes(1), Optional.empty()),
                control,
                Path.of("target", "no-reports"));
    }
}
