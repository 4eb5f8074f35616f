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
        return switch (config.driver()) {
            case NONE -> TrafficDriver.NONE;
            case PGBOUNCER -> {
                PgBouncer bouncer = config.pgbouncer();
                yield new PgBouncerDriver(
                        bouncer.admin().orElseThrow(),
                        bouncer.file(),
                        bouncer.database(),
                        bouncer.disconnect(),
                        new PgBouncerDriver.Place(
                                bouncer.host().isEmpty() ? target.host() : bouncer.host(),
                                bouncer.port() == 0 ? target.port() : bouncer.port(),
                                target.database()));
            }
            case COMMAND ->
                    new CommandDriver(
                            Path.of(config.command()),
                            Map.of(
                                    "LANDBRIDGE_MIGRATION", migration,
                                    "LANDBRIDGE_FROM_HOST", source.host(),
                                    "LANDBRIDGE_FROM_PORT", String.valueOf(source.port()),
                                    "LANDBRIDGE_FROM_DATABASE", source.database(),
                                    "LANDBRIDGE_TO_HOST", target.host(),
                                    "LANDBRIDGE_TO_PORT", String.valueOf(target.port()),
                                    "LANDBRIDGE_TO_DATABASE", target.database()));
            case WEBHOOK ->
                    new WebhookDriver(
                            URI.create(config.webhook().url()),
                            config.webhook().secret(),
                            config.webhook().timeout(),
                            Map.of(
                                    "migration", migration,
                                    "fromHost", source.host(),
                                    "fromPort", String.valueOf(source.port()),
                                    "fromDatabase", source.database(),
                                    "toHost", target.host(),
                                    "toPort", String.valueOf(target.port()),
                                    "toDatabase", target.database()));
        };
    }
}
