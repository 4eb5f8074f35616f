package io.landbridge;

import io.landbridge.assess.GrantScript;
import io.landbridge.config.Configuration;
import io.landbridge.phase.MigrationStatus.Assessment;
import io.landbridge.phase.Phase;
import io.landbridge.phase.Until;
import io.landbridge.schema.SchemaScript;
import java.util.function.BiConsumer;

/** A migration that does what a test says, for tests of other packages. */
public abstract class ScriptedEngine implements Engine {

    @Override
    public boolean isPast(Until goal) {
        return false;
    }

    /** Of a {@link Migration} that this carries. */
    public MigrationBuilder builder() {
        return new MigrationBuilder(
                new Engines() {
                    @Override
                    public Engine open(
                            Configuration configuration, BiConsumer<Phase, Phase> phases) {
                        return ScriptedEngine.this;
                    }

                    @Override
                    public Assessment assess(Configuration configuration) {
                        throw new UnsupportedOperationException();
                    }

                    @Override
                    public SchemaScript schema(Configuration configuration) {
                        throw new UnsupportedOperationException();
                    }

                    @Override
                    public GrantScript grants(
                            Configuration configuration, String source, String target) {
                        throw new UnsupportedOperationException();
                    }
                });
    }
}
