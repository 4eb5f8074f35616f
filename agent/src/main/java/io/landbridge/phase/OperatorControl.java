package io.landbridge.phase;

import io.landbridge.change.TableId;
import io.landbridge.config.TransportConfig.Mode;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.phase.Requests.Request;
import java.time.Instant;
import java.util.Locale;
import java.util.function.Predicate;

/** Checks what operators ask for against the phase, and passes it on to the controller. */
final class OperatorControl implements MigrationControl {

    private final Controller controller;
    private final Requests requests;
    private final Workplace work;
    private final StatusBoard board;

    OperatorControl(Controller controller, Workplace work, StatusBoard board) {
        this.controller = controller;
        this.work = work;
        this.requests = work.requests;
        this.board = board;
    }

    @Override
    public MigrationStatus status() {
        return board.status();
    }

    @Override
    public void pause() {
        Phase phase = phase();
        if (phase == Phase.CUTOVER || phase == Phase.ROLLING_BACK || phase.isEnd()) {
            throw refused("pause", phase, "it can be paused during FULL_LOAD, CDC and VALIDATION");
        }
        controller.pause(true);
    }

    @Override
    public void resume() {
        var unused = phase();
        controller.pause(false);
    }

    @Override
    public void validate(ComparisonOrder order) {
        order(Request.VALIDATE, Step.VALIDATE, order);
    }

    @Override
    public void repair(ComparisonOrder order) {
        order(Request.REPAIR, Step.REPAIR, order);
    }

    private void order(Request request, Step step, ComparisonOrder order) {
        Phase phase = phase();
        Step now = controller.state().step();
        if (now == step && phase == Phase.VALIDATION) {
            return;
        }
        String what = step.name().toLowerCase(Locale.ROOT);
        if (phase != Phase.CDC || now != Step.FOLLOW) {
            throw refused(what, phase, "it needs a stream that has converged: CDC");
        }
        work.forth.checkCan(step);
        Predicate<TableId> chosen = order.chosen();
        if (!order.tables().isEmpty()
                && board.status().tables().stream()
                        .noneMatch(table -> chosen.test(table.table()))) {
            throw Fault.of(FaultCode.USAGE, "no table of the migration fits " + order.tables())
                    .hint(
                            "write SCHEMA.TABLE as 'landbridge status' does, or a pattern: 'public.*'");
        }
        requests.post(request, order);
    }

    @Override
    public void cutover() {
        Phase phase = phase();
        if (phase == Phase.CUTOVER || phase == Phase.MONITORING || phase == Phase.COMPLETE) {
            return;
        }
        if (phase != Phase.CDC || controller.state().step() != Step.FOLLOW) {
            throw refused("cut over", phase, "a cutover begins from CDC, after a clean validation");
        }
        var notReady = board.status().cutover().notReady();
        if (!notReady.isEmpty()) {
            throw Fault.of(
                            FaultCode.CUTOVER_REFUSED,
                            "not ready for cutover: " + String.join("; ", notReady))
                    .hint("wait, or run 'landbridge validate', until status shows it ready");
        }
        requests.post(Request.CUT_OVER);
    }

    @Override
    public void rehearse() {
        Phase phase = phase();
        if (controller.state().step() == Step.REHEARSE) {
            return;
        }
        if (phase != Phase.CDC || controller.state().step() != Step.FOLLOW) {
            throw refused("rehearse the cutover", phase, "a dry run begins from CDC");
        }
        requests.post(Request.REHEARSE);
    }

    @Override
    public void rollback() {
        Phase phase = phase();
        if (phase == Phase.ROLLING_BACK || phase == Phase.ROLLED_BACK) {
            return;
        }
        if (phase == Phase.COMPLETE) {
            throw refused("roll back", phase, "it is finished, and the way back is gone");
        }
        requests.post(Request.ROLL_BACK);
    }

    @Override
    public void rollbackTo(Instant moment) {
        Phase phase = phase();
        if (phase == Phase.CUTOVER || phase == Phase.MONITORING || phase == Phase.COMPLETE) {
            throw Fault.of(
                            FaultCode.REWIND_REFUSED,
                            "the target takes the writes since the cutover, and they would be lost")
                    .hint(
                            "'landbridge rollback' without --to takes the traffic back to the"
                                    + " source, which has the state of then no more than the target");
        }
        if (phase != Phase.CDC || controller.state().step() != Step.FOLLOW) {
            throw refused(
                    "roll back to a moment", phase, "it needs a stream that has converged: CDC");
        }
        work.forth.checkCan(Step.REWIND);
        if (moment.isAfter(controller.now())) {
            throw Fault.of(FaultCode.REWIND_REFUSED, moment + " is still to come")
                    .hint("say a moment by the source's clock, with its zone");
        }
        controller.forget(RewindStep.KIND);
        requests.postRewind(moment);
    }

    @Override
    public void finish() {
        Phase phase = phase();
        if (phase != Phase.MONITORING && phase != Phase.COMPLETE) {
            throw refused("finish", phase, "only a migration that was cut over can be finished");
        }
        requests.post(Request.FINISH);
    }

    @Override
    public void abort() {
        Phase phase = phase();
        if (phase.isEnd() || phase == Phase.ROLLING_BACK) {
            return;
        }
        if (phase == Phase.CUTOVER || phase == Phase.MONITORING) {
            throw refused("abort", phase, "use rollback: it keeps the writes since the switch");
        }
        requests.post(Request.ABORT);
    }

    @Override
    public void transport(Mode mode) {
        Phase phase = phase();
        if (phase == Phase.CUTOVER
                || phase == Phase.MONITORING
                || phase == Phase.ROLLING_BACK
                || phase.isEnd()) {
            throw refused(
                    "change what carries the changes",
                    phase,
                    "it can be changed until the cutover");
        }
        work.transport.want(mode);
        requests.wake();
    }

    @Override
    public void checkTransport(Mode mode) {
        work.site.forthLine().check(mode);
    }

    /** Where the migration stands, for who may decide what becomes of it. */
    private Phase phase() {
        if (controller.following().isPresent()) {
            throw Fault.of(FaultCode.NOT_LEADER, "another agent leads this migration")
                    .hint("ask that one: its /health says that its role is LEADER");
        }
        return controller.state().phase();
    }

    private static Fault refused(String what, Phase phase, String possible) {
        return Fault.of(FaultCode.ILLEGAL_TRANSITION, "can't " + what + " in phase " + phase)
                .hint(possible);
    }
}
