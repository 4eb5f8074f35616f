package io.landbridge;

import io.landbridge.assess.GrantScript;
import io.landbridge.config.Configuration;
import io.landbridge.fault.Fault;
import io.landbridge.observe.RecordedControl;
import io.landbridge.phase.MigrationControl;
import io.landbridge.phase.MigrationStatus.Assessment;
import io.landbridge.phase.Phase;
import io.landbridge.phase.Until;
import io.landbridge.schema.SchemaScript;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiConsumer;

/**
 * Migrations that end as the test says: at once, with a fault, or when they are stopped. Keeps what
 * was asked of it.
 */
public final class ScriptedMigrations implements Engines {

    private final RecordedControl control;
    private final List<String> events = new CopyOnWriteArrayList<>();
    private Optional<RuntimeException> failure = Optional.empty();
    private Assessment assessment;
    private Configuration configuration;

    public ScriptedMigrations(RecordedControl control) {
        this.control = control;
    }

    public ScriptedMigrations failing(RuntimeException error) {
        failure = Optional.of(error);
        return this;
    }

    public ScriptedMigrations finding(Assessment found) {
        assessment = found;
        return this;
    }

    public Configuration configuration() {
        return configuration;
    }

    public List<String> events() {
        return List.copyOf(events);
    }

    /** Of a migration that comes from here. */
    public MigrationBuilder builder() {
        return new MigrationBuilder(this);
    }

    @Override
    public Assessment assess(Configuration given) {
        configuration = given;
        return assessment;
    }

    @Override
    public GrantScript grants(Configuration given, String sourceRole, String targetRole) {
        configuration = given;
        return new GrantScript(
                List.of("-- to read", "GRANT a TO " + sourceRole),
                List.of("GRANT b TO " + targetRole));
    }

    @Override
    public SchemaScript schema(Configuration given) {
        configuration = given;
        return SchemaScript.of("scripted", List.of(), List.of(), List.of("nothing moves"));
    }

    @Override
    public Engine open(Configuration given, BiConsumer<Phase, Phase> phases) {
        configuration = given;
        events.add("open");
        return new Running();
    }

    /** Runs until it is stopped when its goal is to follow, else is there at once. */
    private final class Running implements Engine {

        private final CountDownLatch stopped = new CountDownLatch(1);

        @Override
        public MigrationControl control() {
            return control;
        }

        @Override
        public boolean runUntil(Until goal) throws InterruptedException {
            events.add("run until " + goal);
            failure.ifPresent(
                    error -> {
                        throw error;
                    });
            if (goal == Until.STOPPED) {
                stopped.await();
                return false;
            }
            return true;
        }

        @Override
        public boolean isPast(Until goal) {
            return false;
        }

        @Override
        public void stop() {
            stopped.countDown();
        }

        @Override
        public void reconfigure(Configuration now) {
            events.add("transport " + now.transport().mode());
        }

        @Override
        public void refuseConfiguration(Fault why) {
            events.add("refused " + why.code());
        }

        @Override
        public void close() throws Fault {
            events.add("close");
        }
    }
}
