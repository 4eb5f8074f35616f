package io.landbridge.phase;

import io.landbridge.config.Configuration;
import io.landbridge.config.ConfigurationLoader;
import io.landbridge.config.DatabaseConfig;
import io.landbridge.config.Overrides;
import io.landbridge.testkit.AgentHome;
import io.landbridge.testkit.MysqlTestDatabase;
import io.landbridge.testkit.PgBouncer;
import io.landbridge.testkit.TestDatabase;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** Configurations of migrations between test databases, as they would stand in a file. */
public final class Configurations {

    private Configurations() {}

    /**
     * Puts one together.
     *
     * @param more lines of YAML, top-level sections
     */
    public static Configuration of(
            TestDatabase source, TestDatabase target, String name, Path stateDir, String... more) {
        return of(source.config(), target.config(), name, stateDir, more);
    }

    /** As the other form, of a database of MySQL's; the server's others stay out of it. */
    public static Configuration of(
            MysqlTestDatabase source,
            TestDatabase target,
            String name,
            Path stateDir,
            String... more) {
        return of(source.config(), source.name() + ".*", target.config(), name, stateDir, more);
    }

    /** As the other form, between databases that are reached in some other way. */
    static Configuration of(
            DatabaseConfig source,
            DatabaseConfig target,
            String name,
            Path stateDir,
            String... more) {
        return of(source, "*.*", target, name, stateDir, more);
    }

    private static Configuration of(
            DatabaseConfig source,
            String tables,
            DatabaseConfig target,
            String name,
            Path stateDir,
            String... more) {
        return ConfigurationLoader.read(
                        """
                        migration:
                          name: %s
                        state-dir: %s
                        tables:
                          include: ['%s']
                        http:
                          port: -1
                        %s
                        """
                                .formatted(name, stateDir, tables, String.join("\n", more)),
                        "test",
                        Overrides.NONE
                                .with("source.url", "test", url(source))
                                .with("source.password", "test", password(source))
                                .with("target.url", "test", url(target))
                                .with("target.password", "test", password(target)),
                        Map.of())
                .configuration();
    }

    /** Lines of section {@code cutover}: clients that come through {@code bouncer}, and a probe. */
    public static String traffic(PgBouncer bouncer, String poolMode) {
        return """
                  traffic:
                    driver: pgbouncer
                    probe: %s
                    pgbouncer:
                      admin: %s
                      file: %s
                      database: %s
                      disconnect: %s
                """
                .formatted(
                        AgentHome.url(bouncer.config()),
                        AgentHome.url(bouncer.admin()),
                        bouncer.file(),
                        PgBouncer.DATABASE,
                        poolMode.equals("session"));
    }

    public static String url(TestDatabase database) {
        return url(database.config());
    }

    private static String url(DatabaseConfig config) {
        return "%s://%s@%s:%d/%s"
                .formatted(
                        config.kind().name().toLowerCase(Locale.ROOT),
                        config.user(),
                        config.host(),
                        config.port(),
                        config.database());
    }

    public static String password(TestDatabase database) {
        return password(database.config());
    }

    private static String password(DatabaseConfig config) {
        return config.password().reveal();
    }
}
