package io.landbridge.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.change.Change;
import io.landbridge.change.Operation;
import io.landbridge.change.RowImage;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import io.landbridge.testkit.TypeCase;
import io.landbridge.testkit.TypeCases;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every value arrives as the text that the target must print, in new and in old rows. */
class CaptureTypesIT {

    @ParameterizedTest
    @ValueSource(ints = {12, 14, 17})
    void valuesArriveExactly(int major) {
        TestDatabase database = Servers.postgres(major).freshDatabase();
        database.execute(TypeCases.SETUP.toArray(String[]::new));
        Map<String, List<TypeCase>> byType = TypeCases.byType(major);
        List<String> tables = new ArrayList<>();
        List<String> rows = new ArrayList<>();
        Map<String, String> wanted = new HashMap<>();
        int table = 0;
        for (Map.Entry<String, List<TypeCase>> type : byType.entrySet()) {
            String name = "t" + table++;
            tables.add("CREATE TABLE " + name + " (id int PRIMARY KEY, v " + type.getKey() + ")");
            tables.add("ALTER TABLE " + name + " REPLICA IDENTITY FULL");
            rows.add("INSERT INTO " + name + " VALUES (-1, NULL)");
            wanted.put(name + " -1", null);
            for (int i = 0; i < type.getValue().size(); i++) {
                TypeCase one = type.getValue().get(i);
                rows.add("INSERT INTO " + name + " VALUES (" + i + ", " + one.literal() + ")");
                wanted.put(name + " " + i, one.text());
            }
            rows.add("DELETE FROM " + name);
        }
        assertThat(wanted.size()).isGreaterThan(300);
        try (CaptureFixture fixture = new CaptureFixture(database, tables.toArray(String[]::new))) {
            fixture.start();
            database.execute(rows.toArray(String[]::new));
            fixture.drain();
            Map<String, String> inserted = new HashMap<>();
            Map<String, String> deleted = new HashMap<>();
            for (Change change : fixture.buffer.changes()) {
                boolean insert = change.operation() == Operation.INSERT;
                RowImage row = insert ? change.after() : change.before();
                (insert ? inserted : deleted)
                        .put(change.table().name() + " " + row.text(0), row.text(1));
            }
            assertThat(differences(wanted, inserted)).isEmpty();
            assertThat(differences(wanted, deleted)).isEmpty();
        }
    }

    /** Short enough to be read: some values are megabytes. */
    private static List<String> differences(Map<String, String> wanted, Map<String, String> got) {
        assertThat(got.keySet()).isEqualTo(wanted.keySet());
        return wanted.keySet().stream()
                .filter(row -> !Objects.equals(wanted.get(row), got.get(row)))
                .map(row -> row + ": " + cut(wanted.get(row)) + " came as " + cut(got.get(row)))
                .toList();
    }

    private static String cut(String value) {
        return value == null || value.length() < 60 ? value : value.substring(0, 60) + "...";
    }
}
