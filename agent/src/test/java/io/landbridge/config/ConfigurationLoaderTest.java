package io.landbridge.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.landbridge.config.MigrationConfig.Strategy;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationLoaderTest {

    private static final String SIDES =
            """
            source:
              url: postgresql://app@old/shop
            target:
              url: postgresql://app@new/shop
            """;

    private final Map<String, String> env = new HashMap<>();
    private Overrides overrides = Overrides.NONE;

    @Test
    void defaultsFillWhatTheFileLeavesOut() {
        Configuration read = read(SIDES);
        assertThat(read.migration()).isEqualTo(new MigrationConfig("main", Strategy.FULL_LOAD_CDC));
        assertThat(read.load().workers()).isEqualTo(2);
        assertThat(read.apply()).isEqualTo(new ApplyConfig(2, 5000, Duration.ofMillis(10)));
        assertThat(read.http().bind()).isEqualTo("127.0.0.1");
        assertThat(read.http().port()).isEqualTo(8080);
        assertThat(read.tables().include()).containsExactly("*.*");
        assertThat(read.transport().directory()).isEqualTo(Path.of("state/queue"));
    }

    @Test
    void allProblemsAreToldAtOnceWithLineKeyAndSuggestion() {
        Fault fault =
                refused(
                        """
                        source:
                          url: postgresql://app@old/shop
                        aply:
                          workers: 4
                        load:
                          workerz: 3
                          chunk-rows: many
                        transport:
                          mode: chronical
                          max_size: 1GiB
                        http:
                          port: 99999
                        """);
        assertThat(fault.code()).isEqualTo(FaultCode.CONFIG_INVALID);
        assertThat(fault.getMessage().lines())
                .containsExactly(
                        "test.yaml has 7 problems",
                        "  line 3, aply: no such key; did you mean 'apply'?",
                        "  line 6, load.workerz: no such key; did you mean 'workers'?",
                        "  line 7, load.chunk-rows: 'many' is no whole number from 1000 to"
                                + " 1000000000",
                        "  line 9, transport.mode: 'chronical' is none of chronicle, kafka; did you"
                                + " mean 'chronicle'?",
                        "  line 10, transport.max_size: no such key; did you mean 'max-size'?",
                        "  line 12, http.port: '99999' is no whole number from -1 to 65535",
                        "  target.url: missing; set it, or the environment's TARGET_DB_URL");
    }

    @Test
    void keyThatStandsTwiceIsRefused() {
        assertThat(refused(SIDES + "load:\n  workers: 1\n  workers: 2\n").getMessage())
                .contains("line 7, load.workers: stands here for the second time");
    }

    @Test
    void environmentAloneIsEnough() {
        env.put("SOURCE_DB_URL", "postgresql://app:one@old/shop");
        env.put("TARGET_DB_URL", "jdbc:postgresql://new:5433/shop");
        env.put("TARGET_DB_USER", "mover");
        env.put("TARGET_DB_PASSWORD", "two");
        env.put("KAFKA_BOOTSTRAP_SERVERS", "k1:9092,k2:9092");
        env.put("KAFKA_TOPIC_PREFIX", "moves");
        env.put("DEBEZIUM_CONNECT_URL", "http://connect:8083");
        env.put("AWS_REGION", "eu-central-1");
        env.put("CLOUDWATCH_NAMESPACE", "Moves");
        env.put("METRICS_INTERVAL_SECONDS", "30");
        env.put("ENABLE_CHECKSUMS", "0");
        env.put("VALIDATION_SAMPLE_SIZE", "77");
        Configuration read =
                ConfigurationLoader.read(Optional.empty(), overrides, env).configuration();
        assertThat(read.source().display()).isEqualTo("postgresql://app@old:5432/shop");
        assertThat(read.source().password().reveal()).isEqualTo("one");
        assertThat(read.target().display()).isEqualTo("postgresql://mover@new:5433/shop");
        assertThat(read.target().password().reveal()).isEqualTo("two");
        assertThat(read.kafka())
                .isEqualTo(
                        new KafkaConfig(
                                "k1:9092,k2:9092",
                                "moves",
                                KafkaConfig.Capture.AGENT,
                                0,
                                0,
                                KafkaConfig.Compression.LZ4,
                                new ConnectConfig(
                                        "http://connect:8083",
                                        "",
                                        Secret.NONE,
                                        Secret.NONE,
                                        Path.of(""),
                                        Path.of(""),
                                        Map.of()),
                                Map.of()));
        assertThat(read.metrics().awsRegion()).isEqualTo("eu-central-1");
        assertThat(read.metrics().cloudwatchNamespace()).isEqualTo("Moves");
        assertThat(read.metrics().interval()).isEqualTo(Duration.ofSeconds(30));
        assertThat(read.validation().checksums()).isFalse();
        assertThat(read.validation().sampleSize()).isEqualTo(77);
    }

    @Test
    void commandLineGoesBeforeFileBeforeEnvironment() {
        env.put("VALIDATION_SAMPLE_SIZE", "1");
        env.put("METRICS_INTERVAL_SECONDS", "1");
        overrides =
                Overrides.NONE
                        .with("migration.strategy", "--strategy", "cdc-only")
                        .with("tables.include", "--tables", "public.a,public.b")
                        .with("source.url", "--source-db", null);
        Configuration read =
                read(
                        SIDES
                                + """
                                migration: {strategy: full-load}
                                tables: {include: [sales.*]}
                                validation: {sample-size: 2}
                                """);
        assertThat(read.migration().strategy()).isEqualTo(Strategy.CDC_ONLY);
        assertThat(read.tables().include()).containsExactly("public.a", "public.b");
        assertThat(read.validation().sampleSize()).isEqualTo(2);
        assertThat(read.metrics().interval()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void complaintNamesTheOptionOrVariable() {
        env.put("VALIDATION_SAMPLE_SIZE", "lots");
        overrides = Overrides.NONE.with("migration.strategy", "--strategy", "cdc");
        assertThat(refused(SIDES).getMessage())
                .contains("option --strategy, migration.strategy: 'cdc' is none of")
                .contains("environment VALIDATION_SAMPLE_SIZE, validation.sample-size: 'lots'");
    }

    @Test
    void placeholdersStandAnywhere(@TempDir Path dir) throws Exception {
        Path secret = Files.writeString(dir.resolve("x"), "hush\n");
        env.put("HOST", "old");
        env.put("N", "7");
        env.put("EMPTY", "");
        Configuration read =
                read(
                        """
                        source:
                          url: postgresql://app@${HOST}:${PORT:5555}/shop
                          password: ${file:%s}
                        target: {url: postgresql://app@new/shop, password: "$${N}"}
                        tables: {exclude: ["public.${N}_*"]}
                        load: {workers: "${N}", chunk-rows: "${EMPTY:5000}"}
                        apply: {workers: "${EMPTY:}"}
                        """
                                .formatted(secret));
        assertThat(read.source().display()).isEqualTo("postgresql://app@old:5555/shop");
        assertThat(read.source().password().reveal()).isEqualTo("hush");
        assertThat(read.target().password().reveal()).isEqualTo("${N}");
        assertThat(read.tables().exclude()).containsExactly("public.7_*");
        assertThat(read.load().workers()).isEqualTo(7);
        assertThat(read.load().chunkRows()).isEqualTo(5000);
        assertThat(read.apply().workers()).isEqualTo(2);
    }

    @Test
    void missingVariableIsNamed() {
        assertThat(refused(SIDES + "http: {token: \"${TOKEN}\"}").getMessage())
                .contains("line 5, http.token: the environment variable TOKEN is not set");
    }

    @Test
    void passwordIsTakenToTheLetter() {
        for (String password : List.of("012", "null-ish", "1e3", "ja", "a#b", "p:q", "true")) {
            Configuration read =
                    read(
                            SIDES.replace(
                                    "app@old/shop",
                                    "old/shop\n  user: app\n  password: " + password));
            assertThat(read.source().password().reveal()).isEqualTo(password);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "source:\n  password: *hunter2\n",
                "source:\n  password: !hunter2\n",
                "source:\n  password: !hunter2 x\n",
                "source:\n  password: {hunter2}\n",
                "source:\n  password: [hunter2]\n",
                "source:\n  password: %hunter2\n",
                "source:\n  password: \"hunter2\n",
                "source:\n  password: @hunter2\n",
                "source:\n  password: `hunter2\n",
                "source:\n  password: a: hunter2\n",
                "source:\n  password: &hunter2\n  url: x\n",
                "source:\n  password: '${hunter2'\n",
                "source:\n  url: postgresql://app:hunter2@old:x/shop\n",
                "source:\n  url: postgresql://app:hunter2/@old/shop\n",
                "source:\n  url: postgresql://app:x/hunter2@old/shop\n",
                "source:\n  url: postgresql://app:x?hunter2@old/shop\n",
                "source:\n  url: postgresql://app:x#hunter2@old/shop\n",
                "source:\n  url: postgresql://app:x%hunter2@old/shop\n",
                "source:\n  url: postgresql://app:x/y?hunter2=1@old/shop\n",
                "source:\n  url: hunter2\n",
                "source:\n  url: hunter2://x/y\n",
                "source:\n  url: postgresql://a,hunter2:5432/x\n",
            })
    void complaintNeverShowsASecret(String yaml) {
        Fault fault = refused(yaml);
        assertThat(fault.describe()).doesNotContain("hunter2");
    }

    @Test
    void textFormsMaskSecrets() {
        LoadedConfiguration read =
                ConfigurationLoader.read(
                        """
                        source:
                          url: postgresql://app:hunter2@old/shop?sslpassword=hunter3
                          tls: {key-password: hunter4}
                        target: {url: postgresql://app@new/shop, password: hunter5}
                        http: {token: hunter6}
                        """,
                        "test.yaml",
                        overrides,
                        env);
        assertThat(read.toString()).doesNotContain("hunter");
        assertThat(read.describe())
                .doesNotContain("hunter")
                .contains("source.url ", "postgresql://app:********@old:5432/shop   (line 2)")
                .contains("target.password ", "= ********   (line 4)")
                .contains("apply.batch-interval ", "= 10ms\n");
        assertThat(read.configuration().source().parameters())
                .containsEntry("sslpassword", "hunter3");
    }

    @Test
    void userGivenTwiceDifferentlyIsRefused() {
        assertThat(refused(SIDES.replace("target:", "  user: other\ntarget:")).getMessage())
                .contains("line 3, source.user: the URL names another one; keep one");
    }

    @Test
    void commandLinesUrlGoesBeforeTheFilesUser() {
        overrides = Overrides.NONE.with("source.url", "--source-db", "postgresql://me:pw@x/y");
        Configuration read =
                read(SIDES.replace("app@old/shop", "old/shop\n  user: app\n  password: q"));
        assertThat(read.source().user()).isEqualTo("me");
        assertThat(read.source().password().reveal()).isEqualTo("pw");
    }

    @Test
    void bothSidesMustNotBeTheSameDatabase() {
        assertThat(refused(SIDES.replace("app@new", "other@old:5432")).getMessage())
                .contains("target.url: is the source's own database");
    }

    @Test
    void targetMustBePostgres() {
        assertThat(refused(SIDES.replace("postgresql://app@new", "mysql://app@new")).getMessage())
                .contains("target.url: a target is PostgreSQL");
    }

    @Test
    void schemaMayBeOneWord() {
        assertThat(read(SIDES + "schema: existing\n").schema().mode())
                .isEqualTo(SchemaConfig.Mode.EXISTING);
        assertThat(refused(SIDES + "schema: exists\n").getMessage())
                .contains("line 5, schema.mode: 'exists' is none of create, existing");
    }

    @Test
    void tlsBecomesTheDriversParameters() {
        Configuration read =
                read(
                        SIDES.replace(
                                "target:",
                                "  tls: {mode: verify-full, root-cert: /ca.pem}\ntarget:"));
        assertThat(read.source().parameters())
                .isEqualTo(Map.of("sslmode", "verify-full", "sslrootcert", "/ca.pem"));
        assertThat(read.target().parameters()).isEmpty();
    }

    @Test
    void listsTakeTextWithCommasToo() {
        assertThat(read(SIDES + "tables: {include: 'a.b, c.d'}").tables().include())
                .containsExactly("a.b", "c.d");
        assertThat(refused(SIDES + "tables:\n  include:\n    - ok.*\n    - orders\n").getMessage())
                .contains("line 8, tables.include: 'orders' is not SCHEMA.TABLE");
    }

    @Test
    void fileThatIsNotThereIsAConfigurationFault() {
        assertThatThrownBy(() -> ConfigurationLoader.load(Path.of("nowhere.yaml"), env))
                .isInstanceOf(Fault.class)
                .hasMessage("can't read the configuration file nowhere.yaml");
    }

    private Configuration read(String yaml) {
        return ConfigurationLoader.read(yaml, "test.yaml", overrides, env).configuration();
    }

    private Fault refused(String yaml) {
        return catchThrowableOfType(Fault.class, () -> read(yaml));
    }
}
