package io.landbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How a process ends: by signals, and by Errors. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProcessEndTest {

    @TempDir Path directory;
    private Path complaints;
    private Process process;
    private BufferedReader out;

    @BeforeEach
    void chooseFile() {
        complaints = directory.resolve("stderr");
    }

    @AfterEach
    void end() {
        process.destroyForcibly();
    }

    @Test
    void terminationStopsCleanly() throws Exception {
        start("obedient");
        send("TERM");
        assertThat(restOfOutput()).contains("asked to stop", "closed");
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void interruptionBeforeTheGoalIsToldByTheStatus() throws Exception {
        start("obedient", "--until", "loaded");
        send("INT");
        assertThat(restOfOutput()).contains("closed");
        assertThat(process.waitFor()).isEqualTo(130);
    }

    @Test
    void secondInterruptionEndsItAtOnce() throws Exception {
        start("stubborn");
        send("INT");
        readUntil("asked to stop");
        send("INT");
        assertThat(restOfOutput()).doesNotContain("closed");
        assertThat(process.waitFor()).isEqualTo(130);
    }

    @Test
    void hangupHasAServiceReadItsConfigurationAgain() throws Exception {
        Path file =
                Files.writeString(
                        directory.resolve("landbridge.yaml"),
                        "migration:\n  name: shop\nhttp:\n  port: -1\n");
        start("serving", "--config", file.toString());
        send("HUP");
        readUntil("reconfigured: CHRONICLE");
        send("TERM");
        assertThat(restOfOutput()).contains("closed");
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void errorOfTheMigrationEndsTheProcess() throws Exception {
        start("failing");
        assertThat(restOfOutput()).contains("closed");
        assertThat(process.waitFor()).isEqualTo(1);
        assertThat(Files.readString(complaints))
                .contains("INTERNAL (Landbridge itself)", "a/class/that/is/gone", "start it again");
    }

    @Test
    void errorOfAnyThreadEndsTheProcess() throws Exception {
        start("losing-a-thread");
        assertThat(restOfOutput()).doesNotContain("closed");
        assertThat(process.waitFor()).isEqualTo(1);
        assertThat(Files.readString(complaints)).contains("'worker' died", "StackOverflowError");
    }

    /** 3, which the JVM's own option for this gives, is our word for a fault of the source. */
    @Test
    void heapThatRunsOutKillsTheProcess() throws Exception {
        start("exhausting");
        assertThat(restOfOutput()).doesNotContain("closed");
        assertThat(process.waitFor()).isEqualTo(137);
    }

    /** The option for it that the launcher gives. */
    private static String outOfMemoryOption() throws IOException {
        Matcher option =
                Pattern.compile("-XX:\\S*OutOfMemoryError[^\"\n]*")
                        .matcher(Files.readString(Path.of("../scripts/landbridge")));
        assertThat(option.find()).isTrue();
        return option.group();
    }

    private void start(String manner, String... options) throws IOException {
        List<String> command = new ArrayList<>();
        // Whoever runs the tests in the background made them ignore signals, which is inherited.
        command.addAll(List.of("env", "--default-signal=INT,HUP"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-Xmx128m");
        command.add(outOfMemoryOption());
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(StopProgram.class.getName());
        command.add(manner);
        if (!manner.equals("serving")) {
            command.addAll(List.of("--http-port", "-1"));
        }
        command.addAll(List.of(options));
        process = new ProcessBuilder(command).redirectError(complaints.toFile()).start();
        out =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        readUntil("running");
    }

    private void readUntil(String line) throws IOException {
        String read = "";
        while (!read.equals(line)) {
            read = out.readLine();
            assertThat(read).as("the process ended before it said '%s'", line).isNotNull();
        }
    }

    private String restOfOutput() {
        return out.lines().collect(Collectors.joining("\n"));
    }

    private void send(String signal) throws Exception {
        new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid())).start().waitFor();
    }
}
