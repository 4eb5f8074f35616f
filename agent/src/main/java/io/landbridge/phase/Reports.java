package io.landbridge.phase;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.landbridge.cutover.MovePage;
import io.landbridge.cutover.MoveReport;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.report.HtmlPage;
import io.landbridge.validate.RepairPage;
import io.landbridge.validate.RepairReport;
import io.landbridge.validate.ValidationPage;
import io.landbridge.validate.ValidationReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * Writes reports to {@code state-dir/reports}: a record as JSON, and the same record as a page for
 * people beside it. A file is there whole or not at all.
 */
final class Reports {

    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .addModules(new Jdk8Module(), new JavaTimeModule())
                    .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                    .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .build();

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final Path directory;

    Reports(Path stateDirectory) {
        this.directory = stateDirectory.resolve("reports");
    }

    /** The JSON file that now holds {@code report}. */
    Path write(ValidationReport report) {
        String name = name("validation", report.startedAt());
        write(name + ".html", ValidationPage.of(report));
        return write(name + ".json", json(name, report));
    }

    /** The JSON file that now holds {@code report}. */
    Path write(RepairReport report) {
        String name = name("repair", report.startedAt());
        write(name + ".html", RepairPage.of(report));
        return write(name + ".json", json(name, report));
    }

    /** The JSON file that now holds {@code report}. */
    Path write(MoveReport report) {
        String name = name(report.attempt().kind(), report.attempt().startedAt());
        write(name + ".html", MovePage.of(report));
        return write(name + ".json", json(name, report));
    }

    /** The JSON file that now holds {@code report}. */
    Path write(RewindReport report) {
        String name = name("rewind", report.startedAt());
        write(name + ".html", report.page());
        return write(name + ".json", json(name, report));
    }

    private static String name(String kind, Instant at) {
        return kind + "-" + STAMP.format(at);
    }

    private static byte[] json(String name, Object record) {
        try {
            return JSON.writeValueAsBytes(record);
        } catch (IOException e) {
            throw Fault.of(FaultCode.INTERNAL, "can't spell the report " + name, e);
        }
    }

    private void write(String name, HtmlPage page) {
        var unused = write(name, page.html().getBytes(StandardCharsets.UTF_8));
    }

    private Path write(String name, byte[] content) {
        Path file = directory.resolve(name);
        try {
            Files.createDirectories(directory);
            Path half = directory.resolve(name + ".part");
            Files.write(half, content);
            return Files.move(
                    half,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw Fault.of(FaultCode.INTERNAL, "can't write the report " + file, e)
                    .hint("check state-dir and the disk it is on");
        }
    }
}
