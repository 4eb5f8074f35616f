package io.landbridge.cutover;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A cutover without its consequences: nobody is held, nothing is fenced, and what was made is gone
 * again when the last step is done, or when the attempt is undone.
 *
 * <pre>
 * READY     all evidence, and who writes now: the fence would wait for them
 * VERIFY    what changed since the last comparison is compared
 * WAY_BACK  the way back is made, and proven by a marker that travels it
 * DRAIN     markers are written and waited for
 * PROVE     what would be asked behind the fence is asked, for the time that it takes
 * TAKE_DOWN the way back is removed; the times add up to the expected pause
 * </pre>
 */
public final class RehearsalSteps {

    /** The last of these steps, and its fact that a caller shows. */
    public static final String LAST = "TAKE_DOWN";

    public static final String EXPECTED_PAUSE = "expected pause";

    private static final int DRAINS = 3;

    /** Holding, pointing over and letting go are about as many calls as this. */
    private static final int DRIVER_CALLS = 4;

    private final CutoverSite site;
    private final ForwardSteps forward;
    private Duration driving = Duration.ZERO;
    private Duration draining = Duration.ZERO;
    private Duration proving = Duration.ZERO;

    private RehearsalSteps(CutoverSite site) {
        this.site = site;
        this.forward = new ForwardSteps(site);
    }

    public static List<CutoverStep> of(CutoverSite site) {
        RehearsalSteps steps = new RehearsalSteps(site);
        return List.of(
                Step.of("READY", attempt -> steps.ready()),
                Step.of("VERIFY", attempt -> site.proof().prepare()),
                Step.of("WAY_BACK", attempt -> steps.forward.wayBack(), site.reverse()::close),
                Step.of("DRAIN", steps::drain, site.drain()::release),
                Step.of("PROVE", attempt -> steps.prove()),
                Step.of(LAST, attempt -> steps.takeDown()));
    }

    private Map<String, String> ready() {
        Map<String, String> facts = new LinkedHashMap<>(forward.ready());
        long began = System.nanoTime();
        site.clients().driver().check();
        if (site.clients().driver().holdsClients()) {
            driving = since(began).multipliedBy(DRIVER_CALLS);
        }
        List<String> writers = site.fence().writers(site.tables());
        facts.put(
                "the fence would wait for",
                writers.isEmpty() ? "nobody" : String.join("; ", writers));
        return facts;
    }

    /** The slowest of some: a pause is no average. */
    private Map<String, String> drain(String attempt) {
        Map<String, String> facts = Map.of();
        for (int i = 1; i <= DRAINS; i++) {
            long began = System.nanoTime();
            facts = forward.drain(attempt + "." + i);
            Duration took = since(began);
            site.drain().release();
            draining = took.compareTo(draining) > 0 ? took : draining;
        }
        return facts;
    }

    private Map<String, String> prove() {
        site.proof().prepare();
        proving = site.proof().rehearse();
        return Map.of("took", millis(proving));
    }

    private Map<String, String> takeDown() {
        site.reverse().close();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("hold, switch and release", millis(driving));
        facts.put("drain", millis(draining));
        facts.put("prove", millis(proving));
        facts.put(
                EXPECTED_PAUSE,
                "about "
                        + millis(driving.plus(draining).plus(proving))
                        + ", and as long as the transactions take that are in flight then");
        return facts;
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    private static String millis(Duration time) {
        return time.toMillis() + " ms";
    }
}
