package io.landbridge.cutover;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.offsets.SourcePosition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * The steps that move the writes from the source to the target.
 *
 * <pre>
 * READY    all evidence speaks for it; nothing is touched
 * VERIFY   what changed since the last comparison is compared, while writes go on
 * WAY_BACK the way back is made, and proven by a marker that travels it
 * ARM      the fence's triggers are put on the tables, where they do nothing yet
 * NARROW   as VERIFY, of what changed since
 * HOLD     clients wait
 * FENCE    the source refuses writes; those in flight have ended
 * DRAIN    the target has everything: a marker written behind the fence is applied
 * PROVE    sequences are set; what changed since VERIFY is compared on both sides as they stand
 * REVERSE  the way back is open
 * SWITCH   clients point to the target
 * RELEASE  clients go on; from here on there is no way but forward
 * </pre>
 *
 * A driver that can't hold clients lets them through at SWITCH, which is then the point of no
 * return. Armed triggers stay when an attempt is undone: they do nothing, and the next attempt
 * needs them; {@link io.landbridge.source.PostgresFence#lift} removes them with everything else.
 */
public final class ForwardSteps {

    private final CutoverSite site;

    ForwardSteps(CutoverSite site) {
        this.site = site;
    }

    public static List<CutoverStep> of(CutoverSite site) {
        ForwardSteps steps = new ForwardSteps(site);
        boolean holds = site.clients().driver().holdsClients();
        return List.of(
                Step.of("READY", attempt -> steps.ready()),
                Step.of("VERIFY", attempt -> site.proof().prepare()),
                Step.of("WAY_BACK", attempt -> steps.wayBack(), site.reverse()::close),
                Step.of("ARM", attempt -> steps.arm()),
                Step.of("NARROW", attempt -> site.proof().narrow()),
                Step.of("HOLD", attempt -> steps.hold(), steps::letGo),
                Step.of("FENCE", steps::fence, site.fence()::lower),
                Step.of("DRAIN", steps::drain, site.drain()::release),
                Step.of("PROVE", attempt -> site.proof().show()),
                Step.of("REVERSE", attempt -> site.reverse().open(), site.reverse()::shut),
                Step.of("SWITCH", attempt -> steps.switchOver()).withoutReturnIf(!holds),
                Step.of("RELEASE", attempt -> steps.release()).withoutReturnIf(true));
    }

    Map<String, String> ready() {
        TrafficDriver driver = site.clients().driver();
        site.readiness().require("traffic driver " + driver.name(), driver::check);
        site.readiness().require("clients' way", site.clients().probe()::check);
        Map<String, String> facts = new LinkedHashMap<>();
        List<Evidence> answers = site.readiness().answers();
        answers.forEach(one -> facts.put(one.what(), one.detail()));
        String against =
                answers.stream()
                        .filter(one -> !one.good())
                        .map(one -> one.what() + ": " + one.detail())
                        .collect(Collectors.joining("; "));
        if (!against.isEmpty()) {
            throw Fault.of(FaultCode.CUTOVER_REFUSED, "not ready for cutover: " + against)
                    .hint("see to that, then cut over again; nothing was touched");
        }
        List<String> bypasses = site.fence().bypasses();
        facts.put(
                "could write past the fence",
                bypasses.isEmpty() ? "nobody" : String.join("; ", bypasses));
        return facts;
    }

    Map<String, String> wayBack() {
        return site.reverse().prove();
    }

    private Map<String, String> arm() {
        site.fence().arm(site.tables(), site.patience());
        return Map.of("tables", String.valueOf(site.tables().size()));
    }

    private Map<String, String> hold() {
        site.clients().probe().begin();
        site.clients().driver().hold(site.clients().holdTimeout());
        return driver();
    }

    private void letGo() {
        site.clients().driver().undo();
        site.clients().probe().end();
    }

    private Map<String, String> fence(String attempt) {
        site.fence().raise(site.tables(), "fence:" + attempt, site.patience());
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("tables", String.valueOf(site.tables().size()));
        site.fence().raisedAt().ifPresent(at -> facts.put("position", at.text()));
        return facts;
    }

    /**
     * The marker is written behind the fence, after it is waited for: whatever was written to the
     * tables lies before it in the log, and an applier that was quick can't have passed it yet.
     */
    Map<String, String> drain(String attempt) {
        String content = "drain:" + attempt;
        CompletableFuture<SourcePosition> drained = site.drain().awaitMarker(content);
        site.marker().accept(content);
        try {
            SourcePosition position =
                    drained.get(site.drainTimeout().toMillis(), TimeUnit.MILLISECONDS);
            return Map.of("position", position.text());
        } catch (TimeoutException e) {
            drained.cancel(false);
            throw Fault.of(
                            FaultCode.CUTOVER_REFUSED,
                            "the stream did not reach the marker within "
                                    + site.drainTimeout().toMillis()
                                    + " ms",
                            e)
                    .hint("cut over when the lag is small, or raise cutover.drain-timeout");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Fault fault
                    ? fault
                    : Fault.of(FaultCode.INTERNAL, "the stream ended while draining", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Fault.of(FaultCode.CUTOVER_REFUSED, "interrupted while draining", e);
        }
    }

    private Map<String, String> switchOver() {
        site.clients().driver().switchOver();
        return driver();
    }

    private Map<String, String> release() {
        site.clients().driver().release();
        Map<String, String> facts = new LinkedHashMap<>(driver());
        site.clients().probe().end().ifPresent(felt -> tell(felt, facts));
        return facts;
    }

    private static void tell(ClientPause felt, Map<String, String> facts) {
        facts.put("longest client pause", felt.longest().toMillis() + " ms");
        facts.put("questions of the probe", String.valueOf(felt.answers()));
        facts.put("questions that failed", String.valueOf(felt.failures()));
    }

    private Map<String, String> driver() {
        return Map.of("driver", site.clients().driver().name());
    }
}
