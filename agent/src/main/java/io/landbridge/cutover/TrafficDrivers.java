package io.landbridge.cutover;

import io.landbridge.config.DatabaseConfig;
import io.landbridge.config.TrafficConfig;
import io.landbridge.config.TrafficConfig.PgBouncer;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

/** Makes the driver that the configuration names. */
public final class TrafficDrivers {

    private TrafficDrivers() {}

    /** One that points clients from {@code source} to {@code target}. */
    public static TrafficDriver forward(
            TrafficConfig config, String migration, DatabaseConfig source, DatabaseConfig target) {
        return between(config, migration, source, target);
    }

    /** Feels what clients feel, where the configuration names their way. */
    public static Probe probe(TrafficConfig config) {
        return config.probe().<Probe>map(QueryProbe::new).orElse(Probe.NONE);
    }

    private static TrafficDriver between(
            TrafficConfig config, String migration, DatabaseConfig from, DatabaseConfig to) {
        return switch (config.driver()) {
            case NONE -> TrafficDriver.NONE;
            case PGBOUNCER -> pgbouncer(config.pgbouncer(), to);
            case COMMAND ->
                    new CommandDriver(
                            Path.of(config.command()),
                            Map.of(
                                    "LANDBRIDGE_MIGRATION", migration,
                                    "LANDBRIDGE_FROM_HOST", from.host(),
                                    "LANDBRIDGE_FROM_PORT", String.valueOf(from.port()),
                                    "LANDBRIDGE_FROM_DATABASE", from.database(),
                                    "LANDBRIDGE_TO_HOST", to.host(),
                                    "LANDBRIDGE_TO_PORT", String.valueOf(to.port()),
                                    "LANDBRIDGE_TO_DATABASE", to.database()));
            case WEBHOOK ->
                    new WebhookDriver(
                            URI.create(config.webhook().url()),
                            config.webhook().secret(),
                            config.webhook().timeout(),
                            Map.of(
                                    "migration", migration,
                                    "fromHost", from.host(),
                                    "fromPort", String.valueOf(from.port()),
                                    "fromDatabase", from.database(),
                                    "toHost", to.host(),
                                    "toPort", String.valueOf(to.port()),
                                    "toDatabase", to.database()));
        };
    }

    /** One that points them back to {@code source} after {@link #forward} did its work. */
    public static TrafficDriver back(
            TrafficConfig config, String migration, DatabaseConfig source, DatabaseConfig target) {
        return config.driver() == TrafficConfig.Driver.PGBOUNCER
                ? pgbouncer(config.pgbouncer(), target).back()
                : between(config, migration, target, source);
    }

    private static PgBouncerDriver pgbouncer(PgBouncer config, DatabaseConfig target) {
        return new PgBouncerDriver(
                config.admin().orElseThrow(),
                config.file(),
                config.database(),
                config.disconnect(),
                new PgBouncerDriver.Place(
                        config.host().isEmpty() ? target.host() : config.host(),
                        config.port() == 0 ? target.port() : config.port(),
                        target.database()));
    }
}
