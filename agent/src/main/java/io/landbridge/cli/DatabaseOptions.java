package io.landbridge.cli;

import io.landbridge.config.Overrides;
import java.util.Map;
import picocli.CommandLine.Option;

/** Where data moves from and to. */
final class DatabaseOptions {

    private static final String PASSWORDS =
            " A password in it may show in the process list until scripts/landbridge has taken it"
                    + " away; better leave it out and set ";

    @Option(
            names = "--source-db",
            paramLabel = "URL",
            description =
                    "postgresql://user@host:port/db?sslmode=..., also with jdbc: before it."
                            + PASSWORDS
                            + "SOURCE_DB_PASSWORD, or use --config.")
    private String source;

    @Option(
            names = "--target-db",
            paramLabel = "URL",
            description = "Likewise, with TARGET_DB_PASSWORD.")
    private String target;

    /**
     * {@code overrides} and these; the launcher hands URLs over in the environment, where other
     * users can't read them.
     */
    Overrides addTo(Overrides overrides, Map<String, String> environment) {
        String launchedSource = environment.get("LANDBRIDGE_SOURCE_DB");
        String launchedTarget = environment.get("LANDBRIDGE_TARGET_DB");
        return overrides
                .with("source.url", "--source-db", source == null ? launchedSource : source)
                .with("target.url", "--target-db", target == null ? launchedTarget : target);
    }
}
