package io.landbridge.testkit;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.function.Predicate;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Where servers' programs and fresh data directories are kept from one run of tests to the next.
 */
final class BinaryCache {

    private BinaryCache() {}

    /** Somewhere that lasts and that the servers' user can read; root's home is closed to it. */
    static Path of(ServerUser user) throws IOException {
        Path wanted =
                user.isRoot()
                        ? Path.of("/var/tmp/landbridge-cache-root")
                        : Path.of(System.getProperty("user.home"), ".cache", "landbridge");
        try {
            Files.createDirectories(wanted);
            if (Files.isWritable(wanted) && Files.getOwner(wanted).equals(ownerOfMe())) {
                return wanted;
            }
        } catch (IOException e) {
            // Fall through: a home that cannot be written to is common in build containers.
        }
        Path fallback =
                Path.of(
                        System.getProperty("java.io.tmpdir"),
                        "landbridge-cache-" + System.getProperty("user.name"));
        return Files.createDirectories(fallback);
    }

    private static Object ownerOfMe() throws IOException {
        return Files.getOwner(Path.of("/proc/self"));
    }

    /** Takes the stream of an archive's bytes apart. */
    interface Decompression {
        InputStream of(InputStream compressed) throws IOException;
    }

    /**
     * Puts at {@code place} what the archive that {@code wanted} names within {@code jar} holds.
     */
    static void unpack(Path jar, Predicate<String> wanted, Decompression decompression, Path place)
            throws IOException {
        Path work = Files.createTempDirectory(place.getParent(), "unpack");
        try (ZipInputStream zip =
                new ZipInputStream(new BufferedInputStream(Files.newInputStream(jar)))) {
            ZipEntry entry;
            while ((entry = zip.getNextEntry()) != null) {
                if (wanted.test(entry.getName())) {
                    unpackTar(decompression.of(zip), work);
                    break;
                }
            }
        }
        Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwxr-xr-x"));
        moveOrKeep(work, place);
    }

    /** Unpacks into {@code directory}; modes are those of programs and of files. */
    private static void unpackTar(InputStream stream, Path directory) throws IOException {
        TarArchiveInputStream tar = new TarArchiveInputStream(stream);
        TarArchiveEntry entry;
        while ((entry = tar.getNextEntry()) != null) {
            Path path = directory.resolve(entry.getName()).normalize();
            if (!path.startsWith(directory)) {
                throw new IOException("the archive leaves its directory: " + entry.getName());
            }
            if (entry.isDirectory()) {
                Files.createDirectories(path);
            } else {
                Files.createDirectories(path.getParent());
                if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
                } else {
                    Files.copy(tar, path);
                    boolean program = (entry.getMode() & 0100) != 0;
                    Files.setPosixFilePermissions(
                            path,
                            PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
                }
            }
        }
    }

    /** Another JVM may have been faster: what it made is as good. */
    static void moveOrKeep(Path work, Path place) throws IOException {
        try {
            Files.move(work, place, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException
                | DirectoryNotEmptyException
                | AtomicMoveNotSupportedException e) {
            Commands.run(List.of("rm", "-rf", work.toString()));
        } catch (IOException e) {
            if (!Files.isDirectory(place)) {
                throw e;
            }
            Commands.run(List.of("rm", "-rf", work.toString()));
        }
    }
}
