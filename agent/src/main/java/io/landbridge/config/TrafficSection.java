package io.landbridge.config;

import io.landbridge.config.TrafficConfig.Driver;
import io.landbridge.config.TrafficConfig.PgBouncer;
import io.landbridge.config.TrafficConfig.Webhook;
import java.util.Map;
import java.util.Optional;

/** Reads {@code cutover.traffic}; what the chosen driver needs must be there. */
final class TrafficSection {

    private static final String PATH = "cutover.traffic.";

    private final Section section;
    private final Section pgbouncer;
    private final Section webhook;
    private final Reading reading;

    TrafficSection(Section section, Reading reading) {
        this.section = section;
        this.pgbouncer = section.section("pgbouncer");
        this.webhook = section.section("webhook");
        this.reading = reading;
    }

    TrafficConfig read() {
        Driver driver = section.choice("driver", Driver.class, Driver.NONE);
        PgBouncer bouncer =
                new PgBouncer(
                        place(pgbouncer, "pgbouncer.", "admin"),
                        pgbouncer.value("file", "", Sections::path),
                        pgbouncer.text("database", ""),
                        pgbouncer.text("host", ""),
                        pgbouncer.number("port", 0, 0, 65_535),
                        pgbouncer.flag("disconnect", false));
        String command = section.text("command", "");
        Webhook hook =
                new Webhook(
                        webhook.text("url", ""),
                        webhook.secret("secret"),
                        webhook.duration("timeout", "10s"));
        Optional<DatabaseConfig> probe = place(section, "", "probe");
        pgbouncer.refuseUnknown();
        webhook.refuseUnknown();
        section.refuseUnknown();
        switch (driver) {
            case PGBOUNCER -> {
                require("pgbouncer.admin", bouncer.admin().isPresent());
                require("pgbouncer.file", !bouncer.file().toString().isEmpty());
                require("pgbouncer.database", !bouncer.database().isEmpty());
            }
            case COMMAND -> require("command", !command.isEmpty());
            case WEBHOOK -> {
                require("webhook.url", !hook.url().isEmpty());
                require("webhook.secret", !hook.secret().isEmpty());
            }
            case NONE -> {
                // Needs nothing.
            }
        }
        return new TrafficConfig(driver, bouncer, command, hook, probe);
    }

    private void require(String key, boolean given) {
        if (!given) {
            reading.problems().add(null, PATH + key, "missing; the driver needs it");
        }
    }

    /** A URL with user and password in it; only its place is shown anywhere. */
    private Optional<DatabaseConfig> place(Section in, String path, String key) {
        Optional<Given> given = in.find(key).filter(found -> !found.text().isEmpty());
        Optional<DatabaseUrl> url = Optional.empty();
        if (given.isPresent()) {
            try {
                url = Optional.of(DatabaseUrl.parse(given.get().text()));
            } catch (IllegalArgumentException e) {
                reading.problems().add(given.get(), PATH + path + key, e.getMessage());
            }
        }
        reading.settle(PATH + path + key, "", url.map(DatabaseSection::display).orElse(""), given);
        return url.map(
                one ->
                        new DatabaseConfig(
                                one.kind(),
                                one.host(),
                                one.port(),
                                one.database(),
                                one.user().orElse(""),
                                one.password().orElse(Secret.NONE),
                                Map.copyOf(one.parameters()),
                                2));
    }
}
