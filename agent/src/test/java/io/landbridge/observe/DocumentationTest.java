package io.landbridge.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.config.ConfigurationLoader;
import io.landbridge.config.HttpConfig;
import io.landbridge.config.Overrides;
import io.landbridge.config.Secret;
import io.landbridge.config.Setting;
import io.landbridge.fault.FaultCode;
import io.landbridge.fault.FaultKind;
import io.landbridge.phase.MigrationStatus;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the pages of documentation to what the code knows. */
class DocumentationTest {

    private static final Set<String> DATABASES = Set.of("source.url", "target.url");
    private static final Path DOCS = Path.of("docs");

    @Test
    void configurationPageHasEveryKeyWithItsDefault() throws IOException {
        List<Setting> settings =
                ConfigurationLoader.read(
                                Optional.empty(),
                                Overrides.NONE,
                                Map.of(
                                        "SOURCE_DB_URL", "postgresql://a@b/c",
                                        "TARGET_DB_URL", "postgresql://a@d/c"))
                        .settings();
        assertThat(rows("configuration.md"))
                .containsExactlyElementsOf(
                        settings.stream().map(DocumentationTest::expectedRow).toList());
    }

    private static String expectedRow(Setting setting) {
        String fallback = setting.fallback();
        String shown =
                DATABASES.contains(setting.key())
                        ? "none, needed"
                        : fallback.isEmpty() ? "empty" : "`" + fallback + "`";
        return "`" + setting.key() + "` | " + shown;
    }

    private static List<String> rows(String page) throws IOException {
        Pattern row = Pattern.compile("\\| (`[a-z-]+(?:\\.[a-z.-]+)?` \\| [^|]+) \\|.*");
        return read(page)
                .lines()
                .map(row::matcher)
                .filter(found -> found.matches())
                .map(found -> found.group(1))
                .filter(found -> !found.contains("${"))
                .toList();
    }

    @Test
    void errorsPageExplainsEveryCodeUnderItsKind() throws IOException {
        String page = read("errors.md");
        List<String> headings =
                page.lines()
                        .filter(line -> line.startsWith("## ") || line.startsWith("### "))
                        .toList();
        List<String> expected =
                Stream.of(
                                FaultKind.CONFIG,
                                FaultKind.SOURCE,
                                FaultKind.TARGET,
                                FaultKind.TRANSPORT,
                                FaultKind.DATA,
                                FaultKind.BUG)
                        .flatMap(
                                kind ->
                                        Stream.concat(
                                                Stream.of("## " + kind),
                                                Arrays.stream(FaultCode.values())
                                                        .filter(code -> code.kind() == kind)
                                                        .map(code -> "### " + code)))
                        .toList();
        assertThat(headings).containsExactlyElementsOf(expected);
        for (FaultCode code : FaultCode.values()) {
            String section = page.split("### " + code + "\\R", 2)[1].split("\\R##", 2)[0];
            assertThat(section.contains("*Passing.*")).as(code.name()).isEqualTo(code.isPassing());
        }
        for (FaultKind kind : FaultKind.values()) {
            assertThat(page).contains("| " + kind + " |").contains("| " + kind.exitStatus() + " |");
        }
    }

    @Test
    void operationsPageListsEveryMetric() throws IOException {
        Exposition exposition =
                new Exposition(
                        new RecordedControl(
                                Statuses.streaming("CDC", Duration.ofSeconds(1)).build()));
        Set<String> served = names(exposition.scrape(), "(?<=# TYPE )landbridge_[a-z_]+");
        exposition.close();
        assertThat(names(section("operations.md", "Metrics"), "landbridge_[a-z_]+"))
                .isEqualTo(served);
        assertThat(served)
                .containsAll(names(section("operations.md", "Alarms"), "landbridge_[a-z_]+"));
    }

    @Test
    void operationsPageTellsWhatToDoAboutEveryAlert() throws IOException {
        String rules = Files.readString(Path.of("..", "config/prometheus/landbridge.rules.yml"));
        assertThat(names(section("operations.md", "Alarms"), "(?<=\\| `)Landbridge[A-Za-z]+"))
                .isEqualTo(names(rules, "(?<=alert: )[A-Za-z]+"));
    }

    @Test
    void apiPageListsEveryPath() throws IOException {
        Set<String> documented = names(read("api.md"), "(?<=\\| (?:GET|POST) \\| `)/[a-z0-9/.]*");
        RecordedControl control = new RecordedControl(Statuses.in("CDC").build());
        HttpConfig config =
                new HttpConfig("127.0.0.1", 0, Secret.NONE, Duration.ZERO, Optional.empty());
        try (Exposition exposition = new Exposition(control)) {
            Routes routes =
                    new Routes(
                            new Guard(config, InetAddress.getLoopbackAddress()),
                            new Health(control, config),
                            exposition,
                            new History(),
                            new ReportFiles(Path.of("target", "no-reports")),
                            control);
            assertThat(documented).isEqualTo(routes.paths());
        }
    }

    @Test
    void apiPageNamesEveryFieldOfTheStatus() throws IOException {
        Set<String> documented = names(section("api.md", "The status"), "(?<=`)[a-zA-Z]+(?=`)");
        Set<String> fields = new TreeSet<>();
        collect(MigrationStatus.class, fields);
        assertThat(documented).containsAll(fields);
    }

    private static void collect(Type type, Set<String> fields) {
        if (type instanceof ParameterizedType generic) {
            Arrays.stream(generic.getActualTypeArguments()).forEach(it -> collect(it, fields));
        } else if (type instanceof Class<?> named && named.isRecord()) {
            for (RecordComponent field : named.getRecordComponents()) {
                fields.add(field.getName());
                collect(field.getGenericType(), fields);
            }
        }
    }

    private static Set<String> names(String text, String form) {
        return Pattern.compile(form)
                .matcher(text)
                .results()
                .map(found -> found.group())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String section(String page, String title) throws IOException {
        return read(page).split("\n## " + title + "\n", 2)[1].split("\n## ", 2)[0];
    }

    private static String read(String page) throws IOException {
        return Files.readString(DOCS.resolve(page));
    }
}
