package io.landbridge.cutover;

import io.landbridge.fault.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file that says where PgBouncer finds a database: a line {@code name = host=... port=...}
 * below {@code [databases]}, in pgbouncer.ini or a file that it includes.
 *
 * <p>Before the first change the file is kept beside itself, so that {@link #restore} gives back
 * every byte, whoever calls it. Files are replaced whole.
 */
final class PgBouncerFile {

    private final Path path;
    private final Path before;
    private final String database;
    private final Pattern line;

    PgBouncerFile(Path path, String database) {
        this.path = path;
        this.before = path.resolveSibling(path.getFileName() + ".before-landbridge");
        this.database = database;
        String name = Pattern.quote(database);
        this.line = Pattern.compile("^\\s*(?:" + name + "|\"" + name + "\")\\s*=(.*)$");
    }

    /**
     * Writes what a change would, owner and rights included, and takes it away again: what only
     * turned out behind the point of no return would leave clients waiting.
     *
     * @throws io.landbridge.fault.Fault when it has no line for the database, or can't be replaced
     */
    void check() {
        List<String> lines = read(path);
        find(lines);
        Path half = write(path, lines);
        try {
            Files.delete(half);
        } catch (IOException e) {
            throw TrafficFaults.of("can't remove " + half, e);
        }
    }

    void pointTo(PgBouncerDriver.Place place) {
        if (!Files.exists(before)) {
            replace(before, read(path));
        }
        List<String> lines = new ArrayList<>(read(before));
        int at = find(lines);
        Matcher found = line.matcher(lines.get(at));
        found.matches();
        String head = lines.get(at).substring(0, found.start(1));
        String rest = without(found.group(1), "host", "hostaddr", "port", "dbname");
        lines.set(
                at,
                head
                        + " host="
                        + quote(place.host())
                        + " port="
                        + place.port()
                        + " dbname="
                        + quote(place.database())
                        + rest);
        replace(path, lines);
    }

    /**
     * Gives back what the file was before the first {@link #pointTo}; what was kept stays until
     * {@link #forget}, so that a crash before PgBouncer has read it is noticed.
     *
     * <p>Where nothing was kept, the file is as it was.
     */
    void restore() {
        if (Files.exists(before)) {
            replace(path, read(before));
        }
    }

    /**
     * @throws io.landbridge.fault.Fault when nothing was kept, so that there is no way back
     */
    void checkKept() {
        if (!Files.exists(before)) {
            throw TrafficFaults.of(before + " is gone: where clients came from is not known");
        }
    }

    /** Removes what was kept. */
    void forget() {
        try {
            Files.deleteIfExists(before);
        } catch (IOException e) {
            throw TrafficFaults.of("can't remove " + before, e);
        }
    }

    private int find(List<String> lines) {
        for (int i = 0; i < lines.size(); i++) {
            if (line.matcher(lines.get(i)).matches()) {
                return i;
            }
        }
        throw TrafficFaults.of(path + " has no line '" + database + " = ...'");
    }

    private static String without(String settings, String... keys) {
        String rest = settings;
        for (String key : keys) {
            rest = rest.replaceAll("(^|\\s)" + key + "\\s*=\\s*('(?:[^']|'')*'|\\S*)", "");
        }
        return rest.isBlank() ? "" : " " + rest.strip();
    }

    private static String quote(String value) {
        return value.matches("[A-Za-z0-9_.:/-]+") ? value : "'" + value.replace("'", "''") + "'";
    }

    private static List<String> read(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw TrafficFaults.of("can't read " + file, e);
        }
    }

    /** Whoever reads meanwhile finds the old file or the new one, with the old one's owner. */
    private void replace(Path file, List<String> lines) {
        Path half = write(file, lines);
        try {
            Files.move(
                    half,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw TrafficFaults.of("can't write " + file, e);
        }
    }

    /** The lines beside {@code file}, with owner and rights of the file that PgBouncer reads. */
    private Path write(Path file, List<String> lines) {
        Path half = file.resolveSibling(file.getFileName() + ".part");
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
            Files.write(half, lines);
            Files.setPosixFilePermissions(half, permissions);
            for (String owner : List.of("unix:uid", "unix:gid")) {
                Object wanted = Files.getAttribute(path, owner);
                if (!wanted.equals(Files.getAttribute(half, owner))) {
                    Files.setAttribute(half, owner, wanted);
                }
            }
            return half;
        } catch (IOException | UnsupportedOperationException e) {
            Fault fault =
                    TrafficFaults.of(
                            "can't write "
                                    + half
                                    + " with owner, group and rights of "
                                    + path
                                    + ": that file must belong to the agent's user and group,"
                                    + " and its directory let the agent write",
                            e);
            try {
                Files.deleteIfExists(half);
            } catch (IOException left) {
                fault.addSuppressed(left);
            }
            throw fault;
        }
    }
}
