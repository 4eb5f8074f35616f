package io.landbridge.phase;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.landbridge.cutover.CutoverRecord;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.validate.ValidationReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Writes reports to {@code state-dir/reports}; a file is there whole or not at all. */
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

    /** The file that now holds {@code report}. */
    Path write(ValidationReport report) {
        return write("validation", report.startedAt(), report);
    }

    /** The file that now holds {@code record} of a cutover or a rollback. */
    Path write(CutoverRecord record) {
        return write(record.kind(), record.startedAt(), record);
    }

    private Path write(String kind, Instant at, Object report) {
        Path file = directory.resolve(kind + "-" + STAMP.format(at) + ".json");
        try {
            Files.createDirectories(directory);
            Path half = directory.resolve(file.getFileName() + ".part");
            Files.write(half, JSON.writeValueAsBytes(report));
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
