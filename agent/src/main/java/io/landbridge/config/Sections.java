package io.landbridge.config;

import io.landbridge.config.DatabaseConfig.Kind;
import io.landbridge.config.LoggingConfig.Format;
import io.landbridge.config.MigrationConfig.Strategy;
import io.landbridge.config.TransportConfig.Acknowledge;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The list of all keys with their defaults and bounds; {@code config/landbridge.yaml} is tested
 * against it.
 */
final class Sections {

    private static final Set<String> ROLL_CYCLES =
            Set.of(
                    "MINUTELY",
                    "FIVE_MINUTELY",
                    "TEN_MINUTELY",
                    "TWENTY_MINUTELY",
                    "HALF_HOURLY",
                    "FAST_HOURLY",
                    "TWO_HOURLY",
                    "FOUR_HOURLY",
                    "SIX_HOURLY",
                    "FAST_DAILY");

    private final Section root;
    private final Reading reading;

    Sections(Section root, Reading reading) {
        this.root = root;
        this.reading = reading;
    }

    Configuration read() {
        MigrationConfig migration = migration();
        DatabaseConfig source = new DatabaseSection(root, "source", reading).read();
        DatabaseConfig target = new DatabaseSection(root, "target", reading).read();
        checkSides(source, target);
        TablesConfig tables = tables();
        SchemaConfig schema = schema();
        Path stateDir = root.value("state-dir", "state", Sections::path);
        return new Configuration(
                migration,
                source,
                target,
                tables,
                schema,
                transport(stateDir),
                kafka(),
                dms(migration.strategy(), source),
                load(),
                apply(),
                validation(),
                cutover(),
                rollback(stateDir),
                http(),
                metrics(),
                logging(),
                stateDir);
    }

    private MigrationConfig migration() {
        Section section = root.section("migration");
        MigrationConfig config =
                new MigrationConfig(
                        section.value("name", "main", Sections::migrationName),
                        section.choice("strategy", Strategy.class, Strategy.FULL_LOAD_CDC));
        section.refuseUnknown();
        return config;
    }

    private TablesConfig tables() {
        Section section = root.section("tables");
        TablesConfig config =
                new TablesConfig(
                        section.list("include", "*.*", Sections::tablePattern),
                        section.list("exclude", "", Sections::tablePattern));
        section.refuseUnknown();
        return config;
    }

    private SchemaConfig schema() {
        Section section = root.sectionOr("schema", "mode");
        SchemaConfig config =
                new SchemaConfig(
                        section.choice("mode", SchemaConfig.Mode.class, SchemaConfig.Mode.CREATE),
                        section.flag("rebuild-indexes", true),
                        section.flag("set-replica-identity", false),
                        section.text("pg-dump", ""),
                        section.flag("follow-ddl", false),
                        MappingSection.read(section.section("mapping")));
        section.refuseUnknown();
        return config;
    }

    private TransportConfig transport(Path stateDir) {
        Section section = root.section("transport");
        TransportConfig.Mode mode =
                section.choice("mode", TransportConfig.Mode.class, TransportConfig.Mode.CHRONICLE);
        Path directory = section.value("directory", "", Sections::path);
        TransportConfig config =
                new TransportConfig(
                        mode,
                        directory.toString().isEmpty() ? stateDir.resolve("queue") : directory,
                        section.size("max-size", "10GiB", 64L << 20),
                        section.value("roll-cycle", "FIVE_MINUTELY", Sections::rollCycle),
                        section.choice("acknowledge", Acknowledge.class, Acknowledge.AUTO));
        section.refuseUnknown();
        return config;
    }

    private KafkaConfig kafka() {
        Section section = root.section("kafka");
        KafkaConfig config =
                new KafkaConfig(
                        section.text("bootstrap-servers", ""),
                        section.value("topic-prefix", "landbridge", Sections::topicPrefix),
                        section.choice(
                                "capture", KafkaConfig.Capture.class, KafkaConfig.Capture.AGENT),
                        section.number("replication-factor", 0, 0, 100),
                        section.number("min-insync-replicas", 0, 0, 100),
                        section.choice(
                                "compression",
                                KafkaConfig.Compression.class,
                                KafkaConfig.Compression.LZ4),
                        connect(section.text("connect-url", ""), section.section("connect")),
                        section.section("properties").secrets());
        section.refuseUnknown();
        return config;
    }

    private ConnectConfig connect(String url, Section section) {
        ConnectConfig config =
                new ConnectConfig(
                        url,
                        section.text("user", ""),
                        section.secret("password"),
                        section.secret("token"),
                        section.value("trust", "", Sections::path),
                        section.value("template", "", Sections::path),
                        section.section("properties").secrets());
        section.refuseUnknown();
        return config;
    }

    private DmsConfig dms(Strategy strategy, DatabaseConfig source) {
        DmsSection section = new DmsSection(root.section("dms"), reading);
        DmsConfig config = section.read();
        if (strategy == Strategy.AWS_DMS) {
            section.check(config, source);
        }
        return config;
    }

    private LoadConfig load() {
        Section section = root.section("load");
        LoadConfig config =
                new LoadConfig(
                        section.number("workers", 2, 1, 64),
                        section.number("chunk-rows", 250_000L, 1_000, 1_000_000_000),
                        section.size("throttle", "0", 0),
                        section.flag("replace-rows", false));
        section.refuseUnknown();
        return config;
    }

    private ApplyConfig apply() {
        Section section = root.section("apply");
        ApplyConfig config =
                new ApplyConfig(
                        section.number("workers", 2, 1, 64),
                        section.number("batch-rows", 5_000, 1, 1_000_000),
                        section.duration("batch-interval", "10ms"));
        section.refuseUnknown();
        return config;
    }

    private ValidationConfig validation() {
        Section section = root.section("validation");
        ValidationConfig config =
                new ValidationConfig(
                        section.choice(
                                "mode", ValidationConfig.Mode.class, ValidationConfig.Mode.FULL),
                        exceptions(section),
                        section.number("sample-size", 1_000, 1, 100_000_000),
                        section.flag("checksums", true),
                        section.number("workers", 2, 1, 64),
                        section.number("throttle", 0L, 0, 1_000_000_000),
                        section.duration("interval", "0s"),
                        section.duration("meet-timeout", "10m"),
                        section.choice(
                                "structure",
                                ValidationConfig.Structure.class,
                                ValidationConfig.Structure.BLOCK),
                        section.list("mask", "", Sections::columnPattern));
        section.refuseUnknown();
        return config;
    }

    private static Map<ValidationConfig.Mode, List<String>> exceptions(Section section) {
        Map<ValidationConfig.Mode, List<String>> exceptions =
                new EnumMap<>(ValidationConfig.Mode.class);
        for (ValidationConfig.Mode mode : ValidationConfig.Mode.values()) {
            List<String> tables =
                    section.list(Section.spelling(mode) + "-tables", "", Sections::tablePattern);
            if (!tables.isEmpty()) {
                exceptions.put(mode, tables);
            }
        }
        return exceptions;
    }

    private CutoverConfig cutover() {
        Section section = root.section("cutover");
        Section traffic = section.section("traffic");
        Section monitoring = section.section("monitoring");
        CutoverConfig config =
                new CutoverConfig(
                        section.choice("mode", CutoverConfig.Mode.class, CutoverConfig.Mode.MANUAL),
                        section.duration("max-lag", "5s"),
                        section.duration("max-validation-age", "1h"),
                        section.duration("lock-timeout", "2s"),
                        section.number("lock-tries", 10, 1, 1_000),
                        section.duration("drain-timeout", "1m"),
                        section.duration("hold-timeout", "10s"),
                        section.choice(
                                "prove", CutoverConfig.Prove.class, CutoverConfig.Prove.CHANGED),
                        new TrafficSection(traffic, reading).read(),
                        section.duration("observe", "0s"),
                        monitoring(monitoring));
        section.refuseUnknown();
        return config;
    }

    private MonitoringConfig monitoring(Section section) {
        MonitoringConfig config =
                new MonitoringConfig(
                        section.flag("automatic-rollback", false),
                        section.duration("interval", "5s"),
                        section.number("failures", 3, 1, 1_000),
                        section.duration("max-lag", "1m"),
                        section.number("max-error-percent", 100, 0, 100),
                        section.text("query", ""),
                        section.value("command", "", Sections::path));
        section.refuseUnknown();
        return config;
    }

    private RollbackConfig rollback(Path stateDir) {
        Section section = root.section("rollback");
        boolean snapshot = section.flag("target-snapshot", false);
        Path directory = section.value("snapshot-directory", "", Sections::path);
        RollbackConfig config =
                new RollbackConfig(
                        snapshot,
                        directory.toString().isEmpty() ? stateDir.resolve("snapshot") : directory,
                        section.duration("history", "0s"));
        section.refuseUnknown();
        return config;
    }

    private HttpConfig http() {
        Section section = root.section("http");
        HttpConfig config =
                new HttpConfig(
                        section.text("bind", "127.0.0.1"),
                        section.number("port", 8080, -1, 65_535),
                        section.secret("token"),
                        section.duration("ready-max-lag", "1m"),
                        httpTls(section.section("tls")));
        section.refuseUnknown();
        return config;
    }

    private Optional<HttpConfig.Tls> httpTls(Section section) {
        Path cert = section.value("cert", "", Sections::path);
        Path key = section.value("key", "", Sections::path);
        section.refuseUnknown();
        boolean hasCert = !cert.toString().isEmpty();
        if (hasCert == key.toString().isEmpty()) {
            reading.problems().add(null, "http.tls", "takes cert and key, or neither");
        }
        return hasCert ? Optional.of(new HttpConfig.Tls(cert, key)) : Optional.empty();
    }

    private MetricsConfig metrics() {
        Section section = root.section("metrics");
        Section cloudwatch = section.section("cloudwatch");
        MetricsConfig config =
                new MetricsConfig(
                        section.duration("interval", "10s"),
                        section.size("retention-alarm", "10GiB", 1),
                        cloudwatch.text("namespace", ""),
                        cloudwatch.text("region", ""));
        cloudwatch.refuseUnknown();
        section.refuseUnknown();
        return config;
    }

    private LoggingConfig logging() {
        Section section = root.section("logging");
        LoggingConfig config =
                new LoggingConfig(
                        section.choice("format", Format.class, Format.TEXT),
                        Section.spelling(section.choice("level", Level.class, Level.INFO)));
        section.refuseUnknown();
        return config;
    }

    /** From which level on lines are written. */
    private enum Level {
        TRACE,
        DEBUG,
        INFO,
        WARN,
        ERROR
    }

    private void checkSides(DatabaseConfig source, DatabaseConfig target) {
        if (target.kind() != Kind.POSTGRESQL) {
            reading.problems().add(null, "target.url", "a target is PostgreSQL");
        }
        boolean bothGiven =
                !source.equals(DatabaseSection.UNUSABLE)
                        && !target.equals(DatabaseSection.UNUSABLE);
        boolean samePlace =
                source.kind() == target.kind()
                        && source.host().equals(target.host())
                        && source.port() == target.port()
                        && source.database().equals(target.database());
        if (bothGiven && samePlace) {
            reading.problems().add(null, "target.url", "is the source's own database");
        }
    }

    private static String migrationName(String text) {
        return matching(
                text, "[a-z0-9_]{1,40}", "takes 1 to 40 lower-case letters, digits, underscores");
    }

    private static String topicPrefix(String text) {
        return matching(
                text,
                "[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}",
                "takes 1 to 100 letters, digits, '.', '_' and '-'");
    }

    private static String tablePattern(String text) {
        return matching(
                text, "(?s).+\\..+", "'" + text + "' is not SCHEMA.TABLE, such as 'public.*'");
    }

    private static String columnPattern(String text) {
        return matching(
                text,
                "(?s).+\\..+\\..+",
                "'" + text + "' is not SCHEMA.TABLE.COLUMN, such as 'public.*.email'");
    }

    private static String matching(String text, String form, String complaint) {
        if (!text.matches(form)) {
            throw new IllegalArgumentException(complaint);
        }
        return text;
    }

    private static String rollCycle(String text) {
        if (!ROLL_CYCLES.contains(text)) {
            throw new IllegalArgumentException(
                    "'"
                            + text
                            + "' is none of "
                            + String.join(", ", ROLL_CYCLES.stream().sorted().toList()));
        }
        return text;
    }

    static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("not a path", e);
        }
    }
}
