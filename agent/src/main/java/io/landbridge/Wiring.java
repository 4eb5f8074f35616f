package io.landbridge;

import io.landbridge.assess.GrantScript;
import io.landbridge.assess.Grants;
import io.landbridge.assess.MysqlGrants;
import io.landbridge.config.Configuration;
import io.landbridge.config.CutoverConfig;
import io.landbridge.config.DatabaseConfig;
import io.landbridge.config.KafkaConfig;
import io.landbridge.config.TrafficConfig;
import io.landbridge.cutover.TargetJournal;
import io.landbridge.fault.Closing;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.MysqlDatabase;
import io.landbridge.jdbc.Side;
import io.landbridge.phase.Controller;
import io.landbridge.phase.MigrationControl;
import io.landbridge.phase.MigrationStatus;
import io.landbridge.phase.Phase;
import io.landbridge.phase.Site;
import io.landbridge.phase.Until;
import io.landbridge.schema.SchemaScript;
import io.landbridge.schema.mysql.MysqlSchema;
import io.landbridge.target.Documents;
import java.util.function.BiConsumer;

/** Builds a migration out of its rooms, by plain constructors read from top to bottom. */
final class Wiring implements Engines {

    @Override
    public Engine open(Configuration config, BiConsumer<Phase, Phase> phases) {
        Site site = site(config);
        return new Running(site, new Controller(site, phases));
    }

    private static Site site(Configuration config) {
        refuseWhatIsNotBuilt(config);
        Database target = new Database(config.target(), Side.TARGET);
        Documents documents =
                new Documents(target.answeringWithin(Site.SILENCE), config.migration().name());
        return Site.of(config, new TargetJournal(documents), target);
    }

    /** What the configuration knows already and this version does not do yet. */
    private static void refuseWhatIsNotBuilt(Configuration config) {
        if (config.source().kind().isOfMysqlFamily()) {
            refuseOfMysql(config.cutover());
        }
        if (config.source().kind() == DatabaseConfig.Kind.MARIADB) {
            refuseOfMariadb(config);
        }
    }

    private static void refuseOfMysql(CutoverConfig cutover) {
        if (cutover.traffic().driver() == TrafficConfig.Driver.PGBOUNCER) {
            throw Fault.of(
                            FaultCode.CONFIG_INVALID,
                            "cutover.traffic.driver is pgbouncer, which can't hold clients of a"
                                    + " MySQL source")
                    .hint("set it to command, webhook or none");
        }
    }

    private static void refuseOfMariadb(Configuration config) {
        if (config.cutover().keepsWayBack()) {
            throw Fault.of(
                            FaultCode.CONFIG_INVALID,
                            "cutover.observe asks for a way back into MariaDB, which there is none"
                                    + " of")
                    .hint("set it to 0s; agent/docs/mariadb.md says what to do instead");
        }
        if (config.kafka().capture() == KafkaConfig.Capture.CONNECT) {
            throw Fault.of(
                            FaultCode.CONFIG_INVALID,
                            "kafka.capture is connect, which was never tried with MariaDB")
                    .hint("set it to agent");
        }
    }

    @Override
    public MigrationStatus.Assessment assess(Configuration config) {
        try (Site site = site(config)) {
            return Controller.assess(site);
        }
    }

    @Override
    public GrantScript grants(Configuration config, String sourceRole, String targetRole) {
        if (config.source().kind().isOfMysqlFamily()) {
            try (MysqlDatabase source = new MysqlDatabase(config.source(), Side.SOURCE);
                    Database target = new Database(config.target(), Side.TARGET)) {
                return new MysqlGrants(source, target, config).forRoles(sourceRole, targetRole);
            }
        }
        try (Database source = new Database(config.source(), Side.SOURCE);
                Database target = new Database(config.target(), Side.TARGET)) {
            return new Grants(source, target, config).forRoles(sourceRole, targetRole);
        }
    }

    @Override
    public SchemaScript schema(Configuration config) {
        if (config.source().kind().isOfMysqlFamily()) {
            try (MysqlDatabase source = new MysqlDatabase(config.source(), Side.SOURCE)) {
                return MysqlSchema.script(source, config.schema(), config.tables());
            }
        }
        try (Database source = new Database(config.source(), Side.SOURCE)) {
            return SchemaScript.of(source, config.schema(), config.tables());
        }
    }

    /** The controller, and what was opened for it. */
    private record Running(Site site, Controller controller) implements Engine {

        @Override
        public MigrationControl control() {
            return controller.control();
        }

        @Override
        public boolean runUntil(Until goal) throws InterruptedException {
            return controller.runUntil(goal);
        }

        @Override
        public boolean isPast(Until goal) {
            return controller.isPast(goal);
        }

        @Override
        public void stop() {
            controller.stop();
        }

        @Override
        public void reconfigure(Configuration now) {
            refuseWhatIsNotBuilt(now);
            controller.reconfigure(now);
        }

        @Override
        public void refuseConfiguration(Fault why) {
            controller.refuseConfiguration(why);
        }

        @Override
        public void close() {
            Closing.all(controller, site);
        }
    }
}
