package io.landbridge.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * PostgreSQL's programs and a freshly initialised data directory for one major version.
 *
 * <p>Maven puts the archives (zonky's, one for each major version) on the test class path under
 * {@code postgres/}. They are unpacked once for the machine into a cache and initialised once,
 * because initdb takes longer than copying what it made. Each step works in a directory of its own
 * that is renamed into place, so that any number of JVMs may do this at once.
 */
final class PostgresBinaries {

    private static final Pattern ARCHIVE = Pattern.compile(".*-((\\d+)\\.(\\d+)\\.\\d+)\\.jar");

    /** Counted up when the template is made differently, so that old ones are left alone. */
    private static final String TEMPLATE_FORM = "1";

    static final String USER = "postgres";
    static final String PASSWORD = "bridge & \"toll\"/%:@?";

    private final Path home;
    private final Path template;

    private PostgresBinaries(Path home, Path template) {
        this.home = home;
        this.template = template;
    }

    static PostgresBinaries of(int major, ServerUser user) {
        try {
            Archive archive = archive(major);
            Path cache = BinaryCache.of(user);
            Path home = cache.resolve("postgres-" + archive.version());
            if (!Files.isDirectory(home)) {
                BinaryCache.unpack(
                        archive.jar(),
                        name -> name.endsWith(".txz"),
                        XZCompressorInputStream::new,
                        home);
            }
            Path template = cache.resolve("template-" + TEMPLATE_FORM + "-" + archive.version());
            if (!Files.isDirectory(template)) {
                initialise(home, template, user);
            }
            return new PostgresBinaries(home, template);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot prepare PostgreSQL " + major, e);
        }
    }

    Path program(String name) {
        return home.resolve("bin").resolve(name);
    }

    /** A new data directory {@code data}, owned by the servers' user. */
    void copyTemplate(Path data) {
        Commands.run(List.of("cp", "-a", template.resolve("data").toString(), data.toString()));
    }

    private record Archive(Path jar, String version, int minor) {}

    private static Archive archive(int major) throws IOException {
        URL root = PostgresBinaries.class.getResource("/postgres");
        if (root == null) {
            throw new IOException(
                    "no directory 'postgres' on the class path: run mvn process-test-resources");
        }
        try (Stream<Path> files = Files.list(Path.of(root.toURI()))) {
            return files.flatMap(
                            file -> {
                                Matcher name = ARCHIVE.matcher(file.getFileName().toString());
                                return name.matches() && Integer.parseInt(name.group(2)) == major
                                        ? Stream.of(
                                                new Archive(
                                                        file,
                                                        name.group(1),
                                                        Integer.parseInt(name.group(3))))
                                        : Stream.empty();
                            })
                    .max(Comparator.comparingInt(Archive::minor))
                    .orElseThrow(() -> new IOException("no PostgreSQL " + major + " in " + root));
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    private static void initialise(Path home, Path template, ServerUser user) throws IOException {
        Path work = Files.createTempDirectory(template.getParent(), "initdb");
        Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwxr-xr-x"));
        user.makeDirectory(work.resolve("data"));
        Path password = Files.writeString(work.resolve("password"), PASSWORD + "\n");
        Commands.run(
                user.command(
                        List.of(
                                home.resolve("bin/initdb").toString(),
                                "--pgdata=" + work.resolve("data"),
                                "--username=" + USER,
                                "--pwfile=" + password,
                                "--auth=scram-sha-256",
                                "--encoding=UTF8",
                                "--locale=C.UTF-8",
                                "--no-sync")));
        BinaryCache.moveOrKeep(work, template);
    }
}
