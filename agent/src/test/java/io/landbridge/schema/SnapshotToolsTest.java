package io.landbridge.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landbridge.config.SchemaConfig;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotToolsTest {

    @TempDir Path directory;

    @Test
    void refusesProgramsThatAreOlderThanTheTargetAndNamesThem() throws IOException {
        Path old = program("pg_dump", "pg_dump (PostgreSQL) 41.3");
        program("pg_restore", "pg_restore (PostgreSQL) 41.3");

        assertThatThrownBy(() -> SnapshotTools.find(old.toString(), 42))
                .isInstanceOfSatisfying(
                        Fault.class,
                        fault -> {
                            assertThat(fault.code()).isEqualTo(FaultCode.TARGET_SNAPSHOT);
                            assertThat(fault).hasMessageContaining("pg_dump 41 (" + old);
                            assertThat(fault.hint()).contains("postgresql-client-42");
                        });
    }

    @Test
    void refusesAPgDumpWithoutItsPgRestore() throws IOException {
        Path alone = program("pg_dump", "pg_dump (PostgreSQL) 42.0");

        assertThatThrownBy(() -> SnapshotTools.find(alone.toString(), 42))
                .hasMessageContaining("pg_restore");
        program("pg_restore", "pg_restore (PostgreSQL) 42.0");
        assertThat(SnapshotTools.find(alone.toString(), 42))
                .hasToString("pg_dump 42 (" + alone + ")");
    }

    @Test
    void looksForProgramsThoughTheSchemaIsReadWithoutThem() {
        assertThatThrownBy(() -> SnapshotTools.find(SchemaConfig.NO_PG_DUMP, 42))
                .hasMessageContaining("42 or newer");
    }

    private Path program(String name, String version) throws IOException {
        Path program =
                Files.writeString(directory.resolve(name), "#!/bin/sh\necho '" + version + "'\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        return program;
    }
}
