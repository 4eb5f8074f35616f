package io.landbridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/landbridge}, laid out as in the distribution, with a java that tells on it. */
class LauncherTest {

    private static final Path CHECKOUT = checkout();

    @TempDir Path home;

    private record Ended(int status, String output) {}

    @BeforeEach
    void layOutTheDistribution() throws IOException {
        Files.createDirectories(home.resolve("bin"));
        Files.createDirectories(home.resolve("lib"));
        Files.createFile(home.resolve("lib/landbridge-agent-1.jar"));
        Files.copy(CHECKOUT.resolve("scripts/landbridge"), home.resolve("bin/landbridge"));
        java("17.0.15");
    }

    @Test
    void passesWhatThePomSaysTheLibrariesNeed() throws Exception {
        Matcher pom =
                Pattern.compile("<landbridge.jvm.args>(.*)</landbridge.jvm.args>")
                        .matcher(Files.readString(CHECKOUT.resolve("pom.xml")));
        assertThat(pom.find()).isTrue();
        assertThat(run().output().lines()).contains(pom.group(1).split(" "));
    }

    @Test
    void putsOurJarsBeforeTheOthersBecauseTheyCorrectSomeOfTheirClasses() throws Exception {
        assertThat(run().output().lines())
                .contains(home + "/lib/landbridge-agent-1.jar:" + home + "/lib/*");
    }

    @Test
    void keepsPasswordsOutOfTheProcessList() throws Exception {
        Ended ended =
                run(
                        "migrate",
                        "--source-db",
                        "postgresql://u:s3cret@h/a",
                        "--target-db=x:pa55",
                        "--cutover");
        assertThat(ended.output().lines())
                .containsSubsequence("io.landbridge.cli.Main", "migrate", "--cutover")
                .contains("environment postgresql://u:s3cret@h/a x:pa55")
                .filteredOn(line -> !line.startsWith("environment"))
                .noneMatch(line -> line.contains("s3cret") || line.contains("pa55"));
    }

    @Test
    void keepsArgumentsWithBlanksWhole() throws Exception {
        assertThat(run("assess", "--config", "my file.yaml").output().lines())
                .containsSubsequence("assess", "--config", "my file.yaml");
    }

    @Test
    void newerJavaGetsWhatItAsksFor() throws Exception {
        java("25");
        assertThat(run().output().lines())
                .contains(
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow");
    }

    @Test
    void olderJavaIsRefusedAsUsage() throws Exception {
        java("11.0.2");
        assertThat(run())
                .isEqualTo(new Ended(2, "landbridge: java is version 11; 17 or newer is needed\n"));
    }

    /** A program that prints its arguments, one on a line, and what came by the environment. */
    private void java(String version) throws IOException {
        Path java = home.resolve("jdk/bin/java");
        Files.createDirectories(java.getParent());
        Files.writeString(
                java,
                """
                #!/bin/sh
                for argument in "$@"; do echo "$argument"; done
                echo "environment $LANDBRIDGE_SOURCE_DB $LANDBRIDGE_TARGET_DB"
                """);
        assertThat(java.toFile().setExecutable(true)).isTrue();
        Files.writeString(home.resolve("jdk/release"), "JAVA_VERSION=\"" + version + "\"\n");
    }

    private Ended run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("bash", home + "/bin/landbridge"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", home.resolve("jdk").toString());
        builder.environment().remove("LANDBRIDGE_JAVA_OPTS");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }

    private static Path checkout() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve("scripts/landbridge"))) {
            directory = directory.getParent();
        }
        return directory;
    }
}
