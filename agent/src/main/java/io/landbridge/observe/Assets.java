package io.landbridge.observe;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** The page's files, out of the jar; nothing is fetched from anywhere else. */
final class Assets {

    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " connect-src 'self'; base-uri 'none'; form-action 'none';"
                    + " frame-ancestors 'none'";

    private Assets() {}

    /** Each file by its path on the server. */
    static Map<String, Reply> all() {
        Map<String, Reply> all = new LinkedHashMap<>();
        all.put("/", read("index.html", "text/html; charset=utf-8"));
        all.put("/page.js", read("page.js", "text/javascript; charset=utf-8"));
        all.put("/page.css", read("page.css", "text/css; charset=utf-8"));
        return all;
    }

    private static Reply read(String name, String contentType) {
        try (InputStream in = Assets.class.getResourceAsStream("/io/landbridge/page/" + name)) {
            return new Reply(
                    200,
                    contentType,
                    new String(in.readAllBytes(), StandardCharsets.UTF_8),
                    Map.of("Content-Security-Policy", POLICY, "Referrer-Policy", "no-referrer"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
