package io.landbridge.config;

import io.landbridge.config.DatabaseConfig.Kind;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Reads {@code source} or {@code target}. The URL goes before the keys beside it; when both stand
 * in the file and say different things, that is a problem.
 */
final class DatabaseSection {

    /** Stands in for a database that is not rightly configured; a problem is noted then. */
    static final DatabaseConfig UNUSABLE =
            new DatabaseConfig(
                    Kind.POSTGRESQL, "unset", 1, "unset", "unset", Secret.NONE, Map.of(), 1);

    private final Section section;
    private final Section tls;
    private final Reading reading;
    private final String name;
    private final String variable;

    DatabaseSection(Section root, String name, Reading reading) {
        this.section = root.section(name);
        this.tls = section.section("tls");
        this.reading = reading;
        this.name = name;
        this.variable = name.toUpperCase(java.util.Locale.ROOT) + "_DB_URL";
    }

    /** The database; {@link #UNUSABLE} when its URL is. */
    DatabaseConfig read() {
        Optional<Given> givenUrl = section.find("url");
        Optional<DatabaseUrl> url = givenUrl.flatMap(this::parse);
        reading.settle(name + ".url", "", url.map(DatabaseSection::display).orElse(""), givenUrl);
        if (givenUrl.isEmpty()) {
            reading.problems()
                    .add(null, name + ".url", "missing; set it, or the environment's " + variable);
        }
        String user = section.text("user", "");
        Secret password = section.secret("password");
        Map<String, String> parameters = new TreeMap<>(tls());
        int pool = poolSize();
        section.refuseUnknown();
        if (url.isEmpty()) {
            return UNUSABLE;
        }
        DatabaseUrl place = url.get();
        refuseBoth("user", place.user().filter(given -> !given.equals(user)), givenUrl);
        refuseBoth("password", place.password().filter(given -> !given.equals(password)), givenUrl);
        parameters.putAll(place.parameters());
        String effectiveUser = place.user().orElse(user);
        if (effectiveUser.isEmpty()) {
            reading.problems().add(givenUrl.get(), name + ".user", "missing, in the URL too");
        }
        return new DatabaseConfig(
                place.kind(),
                place.host(),
                place.port(),
                place.database(),
                effectiveUser,
                place.password().map(it -> inUrl(it, givenUrl.get())).orElse(password),
                parameters,
                pool);
    }

    /** The URL's password, which can be read anew as the URL can. */
    private Secret inUrl(Secret password, Given url) {
        Supplier<String> again = section.again("url", url);
        return new Secret(
                password.reveal(),
                () -> DatabaseUrl.parse(again.get()).password().orElse(password).reveal());
    }

    private Optional<DatabaseUrl> parse(Given url) {
        try {
            return Optional.of(DatabaseUrl.parse(url.text()));
        } catch (IllegalArgumentException e) {
            reading.problems().add(url, name + ".url", e.getMessage());
            return Optional.empty();
        }
    }

    private Map<String, String> tls() {
        Map<String, String> parameters = new TreeMap<>();
        TlsMode mode = tls.choice("mode", TlsMode.class, TlsMode.PREFER);
        if (tls.find("mode").isPresent()) {
            parameters.put("sslmode", Section.spelling(mode));
        }
        put(parameters, "sslrootcert", tls.text("root-cert", ""));
        put(parameters, "sslcert", tls.text("cert", ""));
        put(parameters, "sslkey", tls.text("key", ""));
        put(parameters, "sslpassword", tls.secret("key-password").reveal());
        tls.refuseUnknown();
        return parameters;
    }

    private int poolSize() {
        Section pool = section.section("pool");
        int size = pool.number("size", 8, 1, 200);
        pool.refuseUnknown();
        return size;
    }

    private void refuseBoth(String key, Optional<?> differing, Optional<Given> url) {
        Optional<Given> beside = section.find(key);
        boolean sameFile = beside.isPresent() && beside.get().line() > 0 && url.get().line() > 0;
        if (differing.isPresent() && sameFile) {
            reading.problems()
                    .add(beside.get(), name + "." + key, "the URL names another one; keep one");
        }
    }

    private static void put(Map<String, String> parameters, String parameter, String value) {
        if (!value.isEmpty()) {
            parameters.put(parameter, value);
        }
    }

    static String display(DatabaseUrl url) {
        return Section.spelling(url.kind())
                + "://"
                + url.user()
                        .map(user -> user + (url.password().isPresent() ? ":********@" : "@"))
                        .orElse("")
                + url.host()
                + ":"
                + url.port()
                + "/"
                + url.database();
    }

    /** libpq's sslmode. */
    enum TlsMode {
        DISABLE,
        ALLOW,
        PREFER,
        REQUIRE,
        VERIFY_CA,
        VERIFY_FULL
    }
}
