package io.landbridge.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landbridge.config.Configuration;
import io.landbridge.config.ConfigurationLoader;
import io.landbridge.config.DatabaseConfig;
import io.landbridge.config.LoadedConfiguration;
import io.landbridge.config.MetricsConfig;
import io.landbridge.config.Overrides;
import io.landbridge.fault.Fault;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.Side;
import io.landbridge.observe.CloudWatch;
import io.landbridge.observe.RecordedControl;
import io.landbridge.observe.Statuses;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.MotoServer;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.Metric;
import software.amazon.awssdk.services.cloudwatch.model.Statistic;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** What the agent asks of AWS, answered by moto over HTTP. */
class AwsIT {

    private static MotoServer moto;

    @BeforeAll
    static void startMoto() {
        moto = MotoServer.start();
    }

    @AfterAll
    static void stopMoto() {
        moto.close();
    }

    @Test
    void passwordsAreFetchedAtStartAndAgainWhenTheyWereRotated() throws Exception {
        TestDatabase database = Servers.target().freshDatabase();
        String role = "rotated_" + database.name();
        database.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'f1rst'");
        try (SecretsManagerClient secrets =
                SecretsManagerClient.builder()
                        .httpClient(UrlConnectionHttpClient.create())
                        .build()) {
            String arn =
                    secrets.createSecret(
                                    secret ->
                                            secret.name("prod/shop")
                                                    .secretString(json(role, "f1rst")))
                            .arn();
            LoadedConfiguration loaded = load(database.config(), "prod/shop", arn);
            assertThat(loaded.describe()).doesNotContain("f1rst");
            Configuration config = loaded.configuration();
            assertThat(config.target().user()).isEqualTo(role);
            assertThat(config.source().password().reveal()).isEqualTo("f1rst");
            try (Database target = new Database(config.target(), Side.TARGET)) {
                assertThat(user(target)).isEqualTo(role);
                rotate(database, secrets, role, "s3cond");
                try (Connection connection = target.open("test")) {
                    assertThat(connection.isValid(10)).isTrue();
                    assertThat(config.target().password().reveal()).isEqualTo("s3cond");
                }
            }
            try (Database pooled = new Database(config.source(), Side.SOURCE)) {
                rotate(database, secrets, role, "th1rd");
                Await.until(
                        "the pool logs in with the third password",
                        Duration.ofMinutes(1),
                        () -> user(pooled).equals(role));
                assertThat(config.source().password().reveal()).isEqualTo("th1rd");
            }
        } finally {
            database.execute("DROP ROLE " + role);
        }
    }

    @Test
    void secretThatIsMissingIsNamedAndNothingElse() {
        DatabaseConfig place = Servers.target().freshDatabase().config();
        assertThatThrownBy(() -> load(place, "prod/none", "prod/none"))
                .isInstanceOf(Fault.class)
                .hasMessageContaining("source.password")
                .hasMessageContaining("can't fetch the secret prod/none from AWS Secrets Manager");
        try (SecretsManagerClient secrets =
                SecretsManagerClient.builder()
                        .httpClient(UrlConnectionHttpClient.create())
                        .build()) {
            secrets.createSecret(secret -> secret.name("prod/text").secretString("pa55word"));
        }
        assertThatThrownBy(() -> load(place, "prod/text", "prod/text"))
                .hasMessageContaining("the secret prod/text of AWS Secrets Manager is no JSON with")
                .hasMessageNotContaining("pa55word");
    }

    @Test
    void figuresArriveAtCloudWatchUnderTheirNames() {
        RecordedControl control =
                new RecordedControl(
                        Statuses.streaming("CDC", Duration.ofSeconds(3))
                                .validation(Statuses.validation("DIFFERENT", 4))
                                .build());
        MetricsConfig config =
                new MetricsConfig(Duration.ofSeconds(1), 1, "Landbridge/Test", "eu-central-1");
        try (CloudWatch sending = CloudWatch.start(config, control);
                CloudWatchClient reader =
                        CloudWatchClient.builder()
                                .httpClient(UrlConnectionHttpClient.create())
                                .build()) {
            assertThat(sending).isNotNull();
            Map<String, Double> highest = new TreeMap<>();
            Await.until(
                    "all five figures are there, are " + highest,
                    Duration.ofMinutes(1),
                    () -> {
                        highest.putAll(figures(reader));
                        return highest.size() == 5 && highest.get("RowsReplicated") > 0;
                    });
            assertThat(highest)
                    .containsEntry("MigrationProgress", 75.0)
                    .containsEntry("ReplicationLag", 3.0)
                    .containsEntry("ValidationErrors", 4.0)
                    .containsEntry("ThroughputMBps", 0.001)
                    .containsEntry("RowsReplicated", 600.0);
        }
    }

    private static Map<String, Double> figures(CloudWatchClient reader) {
        Map<String, Double> highest = new TreeMap<>();
        for (Metric metric :
                reader.listMetrics(ask -> ask.namespace("Landbridge/Test")).metrics()) {
            assertThat(metric.dimensions())
                    .containsExactly(Dimension.builder().name("Migration").value("shop").build());
            reader.getMetricStatistics(
                            ask ->
                                    ask.namespace("Landbridge/Test")
                                            .metricName(metric.metricName())
                                            .dimensions(metric.dimensions())
                                            .startTime(Instant.now().minusSeconds(600))
                                            .endTime(Instant.now().plusSeconds(60))
                                            .period(60)
                                            .statistics(Statistic.MAXIMUM))
                    .datapoints()
                    .forEach(
                            point ->
                                    highest.merge(metric.metricName(), point.maximum(), Math::max));
        }
        return highest;
    }

    private static String user(Database database) {
        return database.with(
                "asking who we are",
                connection -> {
                    try (var statement = connection.createStatement();
                            var row = statement.executeQuery("SELECT current_user")) {
                        row.next();
                        return row.getString(1);
                    }
                });
    }

    private static void rotate(
            TestDatabase database, SecretsManagerClient secrets, String role, String password) {
        database.execute("ALTER ROLE " + role + " PASSWORD '" + password + "'");
        secrets.putSecretValue(
                secret -> secret.secretId("prod/shop").secretString(json(role, password)));
    }

    private static String json(String role, String password) {
        return "{\"username\": \"%s\", \"password\": \"%s\"}".formatted(role, password);
    }

    /** The source's secret by its name, the target's by {@code other}, in a URL. */
    private static LoadedConfiguration load(DatabaseConfig place, String name, String other) {
        return ConfigurationLoader.read(
                """
                source:
                  url: postgresql://127.0.0.1:%1$d/%2$s
                  user: ${aws-secretsmanager:%3$s#username}
                  password: ${aws-secretsmanager:%3$s#password}
                target:
                  url: postgresql://${aws-secretsmanager:%4$s#username}:${aws-secretsmanager:%4$s#password}@localhost:%1$d/%2$s
                http: {port: -1}
                """
                        .formatted(place.port(), place.database(), name, other),
                "test",
                Overrides.NONE,
                Map.of());
    }
}
