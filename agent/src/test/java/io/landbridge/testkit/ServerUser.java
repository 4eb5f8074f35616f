package io.landbridge.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The account that servers run as. PostgreSQL refuses root, so root hands them to {@code nobody};
 * anybody else runs them directly.
 */
final class ServerUser {

    /** {@code nobody} on every Linux, whatever its group is called there. */
    private static final int NOBODY = 65534;

    private final boolean root;

    private ServerUser(boolean root) {
        this.root = root;
    }

    static ServerUser current() {
        try {
            return new ServerUser((int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0);
        } catch (IOException e) {
            throw new IllegalStateException("cannot tell who we are", e);
        }
    }

    boolean isRoot() {
        return root;
    }

    /** {@code command} as that user; the process id stays that of the command itself. */
    List<String> command(List<String> command) {
        List<String> whole = new ArrayList<>();
        if (root) {
            whole.addAll(
                    List.of(
                            "setpriv",
                            "--reuid=" + NOBODY,
                            "--regid=" + NOBODY,
                            "--clear-groups",
                            "--"));
        }
        whole.addAll(command);
        return whole;
    }

    /** Makes {@code directory} with nobody but that user allowed in. */
    void makeDirectory(Path directory) throws IOException {
        Files.createDirectory(directory);
        if (root) {
            Files.setAttribute(directory, "unix:uid", NOBODY);
            Files.setAttribute(directory, "unix:gid", NOBODY);
        }
    }
}
