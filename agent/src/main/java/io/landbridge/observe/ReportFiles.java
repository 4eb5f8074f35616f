package io.landbridge.observe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The reports in {@code state-dir/reports}, to be listed and read. */
final class ReportFiles {

    private static final int MOST_LISTED = 200;

    /** What the agent calls its reports; nothing else in the directory is shown. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.-]*\\.(json|html)");

    /** A report has its style in itself and needs nothing else, least of all a script. */
    private static final String POLICY =
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none';"
                    + " form-action 'none'; frame-ancestors 'none'; sandbox";

    private final Path directory;

    ReportFiles(Path directory) {
        this.directory = directory;
    }

    /**
     * A report that can be read at {@code /reports/NAME}.
     *
     * @param at when it was written
     */
    record Listed(String name, long bytes, Instant at) {}

    /** The newest first, at most 200. */
    List<Listed> list() throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        List<Listed> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                listed(file).ifPresent(all::add);
            }
        }
        all.sort(Comparator.comparing(Listed::at).thenComparing(Listed::name).reversed());
        return all.subList(0, Math.min(MOST_LISTED, all.size()));
    }

    private static Optional<Listed> listed(Path file) throws IOException {
        String name = file.getFileName().toString();
        if (!NAME.matcher(name).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new Listed(
                            name, Files.size(file), Files.getLastModifiedTime(file).toInstant()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** The report of that name; 404 without one. */
    Reply read(String name) throws IOException {
        if (!NAME.matcher(name).matches() || !Files.isRegularFile(directory.resolve(name))) {
            return Reply.refusal(
                    404, "there is no report '" + name + "'", "/api/v1/reports lists all");
        }
        String type = name.endsWith(".html") ? "text/html; charset=utf-8" : Reply.JSON;
        return Reply.text(200, type, Files.readString(directory.resolve(name)))
                .with("Content-Security-Policy", POLICY);
    }
}
