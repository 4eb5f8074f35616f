package io.landbridge.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * MySQL 8.0.31's programs and a freshly initialised data directory, made once for the machine as
 * {@link PostgresBinaries} does it. They need Debian's {@code libaio1}.
 */
final class MysqlBinaries {

    /** Counted up when the template is made differently, so that old ones are left alone. */
    private static final String TEMPLATE_FORM = "1";

    private static final String VERSION = "8.0.31";

    static final String USER = "landbridge";
    static final String PASSWORD = "bridge & \"toll\"/%:@?";

    /** What makes the account, as its first statements. */
    static final String USERS =
            "CREATE USER '"
                    + USER
                    + "'@'%' IDENTIFIED BY '"
                    + PASSWORD
                    + "';\nGRANT ALL ON *.* TO '"
                    + USER
                    + "'@'%' WITH GRANT OPTION;\n";

    private final Path home;
    private final Path template;

    private MysqlBinaries(Path home, Path template) {
        this.home = home;
        this.template = template;
    }

    static MysqlBinaries of(ServerUser user) {
        try {
            Path cache = BinaryCache.of(user);
            Path home = cache.resolve("mysql-" + VERSION);
            if (!Files.isDirectory(home)) {
                BinaryCache.unpack(
                        archive(), "mysql-Linux-amd64.tar.gz"::equals, GZIPInputStream::new, home);
            }
            Path template = cache.resolve("mysql-template-" + TEMPLATE_FORM + "-" + VERSION);
            if (!Files.isDirectory(template)) {
                initialise(home, template, user);
            }
            return new MysqlBinaries(home, template);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot prepare MySQL", e);
        }
    }

    /** A new data directory {@code data}, owned by the servers' user. */
    void copyTemplate(Path data) {
        Commands.run(List.of("cp", "-a", template.resolve("data").toString(), data.toString()));
    }

    /** The server's command line up to its own settings. */
    List<String> server(Path data) {
        return server(home, data);
    }

    private static List<String> server(Path home, Path data) {
        return List.of(
                home.resolve("bin/mysqld").toString(),
                // With --no-defaults settings that were persisted would not be read either.
                "--defaults-file=/dev/null",
                "--basedir=" + home,
                "--lc-messages-dir=" + home.resolve("share"),
                "--datadir=" + data);
    }

    private static Path archive() throws IOException {
        URL root = MysqlBinaries.class.getResource("/mysql");
        if (root == null) {
            throw new IOException(
                    "no directory 'mysql' on the class path: run mvn process-test-resources");
        }
        try (Stream<Path> files = Files.list(Path.of(root.toURI()))) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no MySQL in " + root));
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    private static void initialise(Path home, Path template, ServerUser user) throws IOException {
        Path work = Files.createTempDirectory(template.getParent(), "initialise");
        Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwxr-xr-x"));
        user.makeDirectory(work.resolve("data"));
        Path users = Files.writeString(work.resolve("users.sql"), USERS);
        List<String> command = new ArrayList<>(server(home, work.resolve("data")));
        command.add("--initialize-insecure");
        command.add("--innodb-redo-log-capacity=32M");
        command.add("--init-file=" + users);
        Commands.run(user.command(command));
        BinaryCache.moveOrKeep(work, template);
    }
}
