package io.landbridge.observe;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The page's files, out of the jar; nothing is fetched from anywhere else. */
final class Assets {

    private static final String PAGE = "/io/landbridge/page/";
    private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";
    private static final String SCRIPT = "text/javascript";
    private static final String STYLE = "text/css";
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " connect-src 'self'; base-uri 'none'; form-action 'none';"
                    + " frame-ancestors 'none'";

    private Assets() {}

    /** Each file by its path on the server. */
    static Map<String, Reply> all() {
        Map<String, Reply> all = new LinkedHashMap<>();
        all.put("/", read(PAGE + "index.html", "text/html"));
        all.put("/page.css", read(PAGE + "page.css", STYLE));
        for (String module : List.of("page.js", "actions.js", "charts.js", "format.js")) {
            all.put("/" + module, read(PAGE + module, SCRIPT));
        }
        all.put("/uplot.js", read(UPLOT + "uPlot.esm.js", SCRIPT));
        all.put("/uplot.css", read(UPLOT + "uPlot.min.css", STYLE));
        return all;
    }

    /** What {@code /api/v1} is, as OpenAPI has it. */
    static Reply description() {
        return read("/io/landbridge/api/openapi.yaml", "application/yaml");
    }

    private static Reply read(String resource, String contentType) {
        try (InputStream in = Assets.class.getResourceAsStream(resource)) {
            return new Reply(
                    200,
                    contentType + "; charset=utf-8",
                    new String(in.readAllBytes(), StandardCharsets.UTF_8),
                    Map.of("Content-Security-Policy", POLICY, "Referrer-Policy", "no-referrer"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
