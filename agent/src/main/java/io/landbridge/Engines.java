package io.landbridge;

import io.landbridge.assess.GrantScript;
import io.landbridge.config.Configuration;
import io.landbridge.phase.MigrationStatus;
import io.landbridge.phase.Phase;
import io.landbridge.schema.SchemaScript;
import java.util.function.BiConsumer;

/** What builds and looks for {@link MigrationBuilder}: {@link Wiring}, but in tests. */
interface Engines {

    /**
     * Builds a migration without starting it. Quick: no database needs to answer for it, so that
     * health and status are up before the first connection.
     *
     * @param phases told of every change of the phase, from and to; must return at once
     */
    Engine open(Configuration configuration, BiConsumer<Phase, Phase> phases);

    /** Only looks, on both sides, and writes nothing anywhere. */
    MigrationStatus.Assessment assess(Configuration configuration);

    /** The DDL that an empty target would get; only reads the source. */
    SchemaScript schema(Configuration configuration);

    /**
     * The least that both sides' roles need; only reads catalogues.
     *
     * @param sourceRole who moves rows out of the source; need not exist yet
     * @param targetRole who writes them to the target
     */
    GrantScript grants(Configuration configuration, String sourceRole, String targetRole);
}
