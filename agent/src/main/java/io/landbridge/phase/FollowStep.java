package io.landbridge.phase;

import io.landbridge.config.CutoverConfig;
import io.landbridge.phase.Requests.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Follows the source until something else is asked for. */
final class FollowStep {

    private final Workplace work;
    private final Readiness readiness;

    FollowStep(Workplace work) {
        this.work = work;
        this.readiness = new Readiness(work);
    }

    Optional<Step> perform(Until goal) throws InterruptedException {
        if (!work.forth.follow()) {
            return Optional.empty();
        }
        Optional<Step> asked = asked(goal);
        if (asked.isEmpty()) {
            work.forth.idle();
        }
        return asked;
    }

    /** Whether {@code validation.interval} has passed, and both sides can meet without a wait. */
    private boolean isValidationDue() {
        Duration interval = work.site.config().validation().interval();
        if (interval.isZero() || !work.forth.isClose()) {
            return false;
        }
        Instant now = work.site.clock().instant();
        return work.state()
                .lastValidation()
                .filter(last -> last.at().plus(interval).isAfter(now))
                .isEmpty();
    }

    private Optional<Step> asked(Until goal) {
        Optional<Request> request = work.requests.peek();
        if (request.filter(r -> r == Request.REWIND).isPresent()) {
            work.requests.take();
            Instant moment = work.requests.rewindTo();
            work.journal().update(state -> state.rewindingTo(moment));
            return Optional.of(Step.REWIND);
        }
        if (work.requests.isPaused()) {
            return Optional.empty();
        }
        if (request.filter(r -> r == Request.VALIDATE || r == Request.REPAIR).isPresent()) {
            work.requests.take();
            ComparisonOrder order = work.requests.order();
            work.journal().update(state -> state.ordered(order));
            return request.map(r -> r == Request.REPAIR ? Step.REPAIR : Step.VALIDATE);
        }
        if (request.filter(r -> r == Request.REHEARSE).isPresent()) {
            work.requests.take();
            return Optional.of(Step.REHEARSE);
        }
        if (request.filter(r -> r == Request.CUT_OVER).isPresent()) {
            work.requests.take();
            return Optional.of(Step.CUT_OVER);
        }
        if (request.filter(r -> r == Request.FINISH).isPresent()) {
            work.requests.take();
        }
        boolean automatic =
                work.site.config().cutover().mode() == CutoverConfig.Mode.AUTO
                        && goal == Until.STOPPED;
        if (work.isTooEarlyToValidate()) {
            return Optional.empty();
        }
        if (goal != Until.VALIDATED && work.isTooEarlyToTryAgain()) {
            return Optional.empty();
        }
        if (work.isProven() && goal != Until.VALIDATED && !readiness.objections().isEmpty()) {
            return Optional.empty();
        }
        if (goal == Until.VALIDATED || goal == Until.COMPLETE || automatic) {
            return Optional.of(
                    work.isProven() && goal != Until.VALIDATED ? Step.CUT_OVER : Step.VALIDATE);
        }
        return isValidationDue() ? Optional.of(Step.VALIDATE) : Optional.empty();
    }
}
