package io.landbridge.cutover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landbridge.fault.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the file's change would need is tried before anybody depends on it. */
class PgBouncerFileTest {

    private static final String TEXT =
            "[databases]\n# the shop\nshop = host=old port=5432 dbname=shop pool_size=7\n";

    @TempDir private Path directory;
    private Path path;
    private PgBouncerFile file;

    @BeforeEach
    void write() throws IOException {
        path = Files.writeString(directory.resolve("databases.ini"), TEXT);
        file = new PgBouncerFile(path, "shop");
    }

    @Test
    void checkChangesNothingAndLeavesNothing() throws IOException {
        file.check();
        assertThat(path).hasContent(TEXT);
        assertThat(names()).containsExactly("databases.ini");
    }

    @Test
    void checkRefusesAFileThatCouldNotBeReplaced() throws IOException {
        // In the way of the new file: file and directory can be written, and still it fails.
        Files.createDirectories(directory.resolve("databases.ini.part/full"));
        assertThatThrownBy(file::check)
                .isInstanceOf(Fault.class)
                .hasMessageContaining("databases.ini.part")
                .hasMessageContaining("must belong to the agent's user and group");
        assertThat(path).hasContent(TEXT);
    }

    @Test
    void restoreGivesBackEveryByte() throws IOException {
        file.pointTo(new PgBouncerDriver.Place("new", 6000, "shop two"));
        assertThat(path)
                .content()
                .contains("shop = host=new port=6000 dbname='shop two' pool_size=7");
        file.restore();
        file.forget();
        assertThat(path).hasContent(TEXT);
        assertThat(names()).containsExactly("databases.ini");
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(found -> found.getFileName().toString()).toList();
        }
    }
}
