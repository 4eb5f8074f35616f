package io.landbridge.observe;

import io.landbridge.config.TransportConfig;
import io.landbridge.config.ValidationConfig;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.phase.ComparisonOrder;
import io.landbridge.phase.MigrationControl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which path answers what; {@code agent/docs/api.md} is this list for people. */
final class Routes {

    private static final Logger LOG = LoggerFactory.getLogger(Routes.class);
    private static final String API = "/api/v1/";
    private static final String LIVE = API + "live";
    private static final String REPORTS = "/reports/";

    private static final Map<String, BiConsumer<MigrationControl, Body>> ACTIONS =
            new TreeMap<>(
                    Map.of(
                            "pause", (control, body) -> control.pause(),
                            "resume", (control, body) -> control.resume(),
                            "validate", (control, body) -> control.validate(body.order()),
                            "repair", (control, body) -> control.repair(body.order()),
                            "mode", Routes::transport,
                            "cutover", Routes::cutover,
                            "rollback", Routes::rollback,
                            "finish", (control, body) -> control.finish(),
                            "abort", (control, body) -> control.abort()));

    private final Guard guard;
    private final Refusals refusals = new Refusals(System::nanoTime);
    private final MigrationControl control;
    private final ReportFiles reports;
    private final Map<String, Supplier<Reply>> pages = new TreeMap<>();

    Routes(
            Guard guard,
            Health health,
            Exposition exposition,
            History history,
            ReportFiles reports,
            MigrationControl control) {
        this.guard = guard;
        this.control = control;
        this.reports = reports;
        pages.put("/health/started", () -> health(health.started()));
        pages.put("/health/live", () -> health(health.live()));
        pages.put("/health/ready", () -> health(health.ready()));
        pages.put("/metrics", () -> Reply.text(200, Exposition.CONTENT_TYPE, exposition.scrape()));
        pages.put(API + "status", () -> Reply.json(200, control.status()));
        pages.put(API + "history", () -> Reply.json(200, history.columns()));
        pages.put(API + "reports", this::listReports);
        Reply description = Assets.description();
        pages.put(API + "openapi.yaml", () -> description);
        pages.put(LIVE, Routes::tooManyPages);
        Assets.all().forEach((path, asset) -> pages.put(path, () -> asset));
    }

    /** Whether the request asks for what {@link Live} streams. */
    static boolean isLive(String method, String path) {
        return path.equals(LIVE) && method.equals("GET");
    }

    private static Reply tooManyPages() {
        return Reply.refusal(
                503, "as many pages as the agent serves are open", "poll " + API + "status");
    }

    private Reply listReports() {
        try {
            return Reply.json(200, reports.list());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Reply report(String name) {
        try {
            return reports.read(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every path but those of the page's own files. */
    Set<String> paths() {
        Set<String> paths = new TreeSet<>(pages.keySet());
        paths.removeIf(path -> path.endsWith(".js") || path.endsWith(".css"));
        ACTIONS.keySet().forEach(action -> paths.add(API + action));
        paths.add(REPORTS);
        return paths;
    }

    /**
     * Answers.
     *
     * @throws Fault what the migration has against it
     */
    Reply reply(Request request) {
        String path = request.path();
        Supplier<Reply> page =
                path.startsWith(REPORTS)
                        ? () -> report(path.substring(REPORTS.length()))
                        : pages.get(path);
        if (page != null) {
            boolean reads = request.method().equals("GET") || request.method().equals("HEAD");
            return reads ? page.get() : notAllowed("GET, HEAD");
        }
        if (path.startsWith(API) && ACTIONS.containsKey(path.substring(API.length()))) {
            return request.method().equals("POST")
                    ? act(path.substring(API.length()), request)
                    : notAllowed("POST");
        }
        return Reply.refusal(404, "there is nothing at this path", "agent/docs/api.md lists all");
    }

    private Reply act(String action, Request request) {
        Optional<Reply> refusal = guard.refuse(request);
        if (refusal.isPresent()) {
            refusals.add(request, refusal.get().status());
            return refusal.get();
        }
        Body body = request.body().isBlank() ? Body.EMPTY : read(request.body());
        checkName(body);
        ACTIONS.get(action).accept(control, body);
        LOG.info("{} was asked for over HTTP", action);
        return Reply.json(202, Map.of("accepted", action, "status", API + "status"));
    }

    private static void transport(MigrationControl control, Body body) {
        if (body.dryRun()) {
            control.checkTransport(body.transport());
        } else {
            control.transport(body.transport());
        }
    }

    private static void cutover(MigrationControl control, Body body) {
        if (body.dryRun()) {
            control.rehearse();
        } else {
            control.cutover();
        }
    }

    private static void rollback(MigrationControl control, Body body) {
        if (body.to().isPresent()) {
            control.rollbackTo(Moments.parse(body.to().get()));
        } else {
            control.rollback();
        }
    }

    /**
     * What the body of a POST may say.
     *
     * @param migration which one is meant
     * @param tables of a validation or repair: patterns; null or empty: all
     * @param mode of a validation: another one than the configuration's; else of the transport
     * @param showValues of a validation or repair: whether its report shows values
     * @param dryRun of a cutover, or of another transport: only try
     * @param to of a rollback: the moment that the target is taken back to
     */
    private record Body(
            Optional<String> migration,
            List<String> tables,
            Optional<String> mode,
            boolean showValues,
            boolean dryRun,
            Optional<String> to) {
        private static final Body EMPTY =
                new Body(
                        Optional.empty(),
                        List.of(),
                        Optional.empty(),
                        false,
                        false,
                        Optional.empty());

        ComparisonOrder order() {
            return new ComparisonOrder(
                    tables == null ? List.of() : tables, mode.map(Body::mode), showValues);
        }

        TransportConfig.Mode transport() {
            String text = mode.orElse("");
            try {
                return TransportConfig.Mode.valueOf(text.toUpperCase(Locale.ROOT));
            } catch (IllegalArgumentException e) {
                throw Fault.of(FaultCode.USAGE, "'" + text + "' is no transport", e)
                        .hint("give mode: chronicle or kafka");
            }
        }

        private static ValidationConfig.Mode mode(String text) {
            try {
                return ValidationConfig.Mode.valueOf(text.toUpperCase(Locale.ROOT));
            } catch (IllegalArgumentException e) {
                throw Fault.of(FaultCode.USAGE, "'" + text + "' is no mode of validation", e)
                        .hint("give count, sample or full");
            }
        }
    }

    /** Refuses what was meant for another migration than this agent's. */
    private void checkName(Body body) {
        Optional<String> meant = body.migration();
        if (meant.isEmpty()) {
            return;
        }
        String own = control.status().migration().name();
        if (!meant.get().equals(own)) {
            throw Fault.of(FaultCode.ILLEGAL_TRANSITION, "this agent runs migration '" + own + "'")
                    .hint("the request was meant for another one; check the URL");
        }
    }

    private static Body read(String body) {
        try {
            Body read = Json.read(body, Body.class);
            if (read != null) {
                return read;
            }
        } catch (UncheckedIOException e) {
            LOG.debug("a body that is no JSON object: {}", e.toString());
        }
        throw Fault.of(FaultCode.USAGE, "the request's body is not a JSON object")
                .hint("leave it out, or send {\"migration\": NAME}");
    }

    private static Reply health(Health.Report report) {
        return Reply.json(report.isUp() ? 200 : 503, report);
    }

    private static Reply notAllowed(String methods) {
        return Reply.refusal(405, "this path takes " + methods, "").with("Allow", methods);
    }
}
