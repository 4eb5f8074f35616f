package io.landbridge.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** The programs of Debian's {@code mariadb-server-core}, and a data directory made once. */
final class MariadbBinaries {

    /** Counted up when the template is made differently, so that old ones are left alone. */
    private static final String TEMPLATE_FORM = "1";

    private final Path template;

    private MariadbBinaries(Path template) {
        this.template = template;
    }

    static MariadbBinaries of(ServerUser user) {
        try {
            Path template = BinaryCache.of(user).resolve("mariadb-template-" + TEMPLATE_FORM);
            if (!Files.isDirectory(template)) {
                initialise(template, user);
            }
            return new MariadbBinaries(template);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot prepare MariaDB", e);
        }
    }

    private static void initialise(Path template, ServerUser user) throws IOException {
        Path work = Files.createTempDirectory(template.getParent(), "initialise");
        Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwxr-xr-x"));
        user.makeDirectory(work.resolve("data"));
        // Until then it runs without any rights, and makes nobody.
        Path users =
                Files.writeString(
                        work.resolve("users.sql"), "FLUSH PRIVILEGES;\n" + MysqlBinaries.USERS);
        Commands.run(
                user.command(
                        List.of(
                                "mariadb-install-db",
                                "--no-defaults",
                                "--skip-test-db",
                                "--auth-root-authentication-method=normal",
                                "--extra-file=" + users,
                                "--datadir=" + work.resolve("data"))));
        BinaryCache.moveOrKeep(work, template);
    }

    /** A new data directory {@code data}, owned by the servers' user. */
    void copyTemplate(Path data) {
        Commands.run(List.of("cp", "-a", template.resolve("data").toString(), data.toString()));
    }

    /** The server's command line up to the settings that MySQL has, too. */
    List<String> server(Path data) {
        return List.of(
                "/usr/sbin/mariadbd",
                "--no-defaults",
                "--datadir=" + data,
                "--character-set-server=utf8mb4",
                "--innodb-log-file-size=32M");
    }
}
