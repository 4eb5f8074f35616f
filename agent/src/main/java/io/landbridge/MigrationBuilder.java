package io.landbridge;

import io.landbridge.assess.GrantScript;
import io.landbridge.config.Configuration;
import io.landbridge.config.ConfigurationLoader;
import io.landbridge.config.Overrides;
import io.landbridge.fault.Closing;
import io.landbridge.phase.MigrationStatus.Assessment;
import io.landbridge.schema.SchemaScript;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Says what a {@link Migration} is made of, looks at both sides before there is one, and opens it.
 * For one thread.
 *
 * <p>Values come from {@link #set}, then the file or text, then the environment, then the defaults;
 * {@code agent/docs/configuration.md} lists all keys.
 */
public final class MigrationBuilder {

    private final Engines engines;
    private Overrides values = Overrides.NONE;
    private Map<String, String> environment = System.getenv();
    private MigrationListener listener = new MigrationListener() {};
    private Optional<MeterRegistry> registry = Optional.empty();
    private boolean served;
    private Supplier<Configuration> reading = () -> read(Optional.empty());

    MigrationBuilder(Engines engines) {
        this.engines = engines;
    }

    /** The configuration stands in {@code file}, as for {@code landbridge run --config}. */
    public MigrationBuilder file(Path file) {
        reading = () -> read(Optional.of(file));
        return this;
    }

    /** The configuration is {@code text}, as it would stand in a file. */
    public MigrationBuilder yaml(String text) {
        reading =
                () ->
                        ConfigurationLoader.read(text, "the configuration", values, environment)
                                .configuration();
        return this;
    }

    /** The configuration was read already; {@link #set} and {@link #environment} count no more. */
    public MigrationBuilder configuration(Configuration read) {
        reading = () -> read;
        return this;
    }

    /**
     * One value, which goes before file and environment: {@code set("migration.name", "shop")}.
     *
     * @param key its full name
     * @param value as it would stand in the file; a list as one text with commas
     */
    public MigrationBuilder set(String key, String value) {
        values = values.with(key, "set", value);
        return this;
    }

    /** What {@code ${...}} and variables stand for, in place of this process's environment. */
    public MigrationBuilder environment(Map<String, String> variables) {
        environment = Map.copyOf(variables);
        return this;
    }

    private Configuration read(Optional<Path> file) {
        return ConfigurationLoader.read(file, values, environment).configuration();
    }

    /**
     * Looks at both sides and says what stands against the migration; writes nothing anywhere.
     * Takes seconds.
     *
     * @throws io.landbridge.fault.Fault CONFIG_INVALID with everything that is wrong; else what
     *     kept a side from being looked at
     */
    public Assessment assess() {
        return engines.assess(reading.get());
    }

    /**
     * The least that both sides' roles need, as SQL for whoever may grant it; only reads
     * catalogues.
     *
     * @param sourceRole who moves rows out of the source; need not exist yet
     * @param targetRole likewise who writes them to the target
     * @throws io.landbridge.fault.Fault as {@link #assess}
     */
    public GrantScript grants(String sourceRole, String targetRole) {
        return engines.grants(reading.get(), sourceRole, targetRole);
    }

    /**
     * The DDL that an empty target would get; only reads the source.
     *
     * @throws io.landbridge.fault.Fault as {@link #assess}
     */
    public SchemaScript schema() {
        return engines.schema(reading.get());
    }

    /** Who is told how the migration goes. */
    public MigrationBuilder listener(MigrationListener told) {
        listener = told;
        return this;
    }

    /**
     * Has the migration's figures in {@code application}, with tag {@code migration}, until it is
     * closed. {@code agent/docs/operations.md} lists them; each is as old as the listener's
     * interval.
     */
    public MigrationBuilder meters(MeterRegistry application) {
        registry = Optional.of(application);
        return this;
    }

    /**
     * Serves page, health, metrics and API at {@code http.port}, and sends figures to CloudWatch,
     * where the configuration says so. Without it, neither is done, whatever the configuration.
     */
    public MigrationBuilder serve() {
        served = true;
        return this;
    }

    /**
     * Makes the migration without starting it. Quick: no database needs to answer for it.
     *
     * @throws io.landbridge.fault.Fault CONFIG_INVALID with everything that is wrong, or when
     *     {@code http.port} is taken
     */
    public Migration open() {
        Configuration configuration = reading.get();
        Watch watch = new Watch(listener);
        Engine engine = engines.open(configuration, watch::phaseChanged);
        Edges edges = new Edges();
        try {
            if (served) {
                edges.serve(configuration, engine.control());
            }
            registry.ifPresent(application -> edges.show(application, engine.control()));
        } catch (Throwable e) {
            Closing.after(e, edges, engine);
            throw e;
        }
        watch.start(engine.control(), edges::take);
        return new Migration(engine, watch, edges);
    }
}
