package io.landbridge.validate;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.config.ValidationConfig.Mode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Random faults are put into the target: every one is found, none is invented. */
class DamageIT {

    private static final int ROWS = 100_000;
    private static final int FAULTS = 10_000;

    /** What is done to a row, and the column that must be named; none for a whole row. */
    private static final List<String[]> KINDS =
            List.of(
                    new String[] {"DELETE FROM t WHERE id = %d", ""},
                    new String[] {"UPDATE t SET t = NULL WHERE id = %d", "t"},
                    new String[] {"UPDATE t SET f = '-0' WHERE id = %d", "f"},
                    new String[] {"UPDATE t SET s = s || ' ' WHERE id = %d", "s"},
                    new String[] {"UPDATE t SET s = normalize(s, NFD) WHERE id = %d", "s"},
                    new String[] {
                        "UPDATE t SET b = set_bit(b, 5, 1 - get_bit(b, 5)) WHERE id = %d", "b"
                    },
                    new String[] {"UPDATE t SET n = n * 1.0 WHERE id = %d", "n"},
                    new String[] {"UPDATE t SET j = '{\"a\": 1.00}' WHERE id = %d", "j"},
                    new String[] {"UPDATE t SET c = upper(c) WHERE id = %d", "c"},
                    new String[] {
                        "UPDATE t SET ts = ts + interval '1 microsecond' WHERE id = %d", "ts"
                    },
                    new String[] {"UPDATE t SET a = '{NULL}' WHERE id = %d", "a"},
                    new String[] {"INSERT INTO t (id) VALUES (-%d)", ""});

    private final TwoSides sides = new TwoSides();

    @AfterEach
    void close() {
        sides.close();
    }

    @Test
    void findsTenThousandRandomFaultsAndInventsNone() {
        sides.execute(
                """
                CREATE TABLE t (id bigint PRIMARY KEY, t text, f float8, s text, b bytea, n numeric,
                  j jsonb, c char(9), ts timestamptz, a text[]);
                INSERT INTO t SELECT i, '', 0.0, 'café ' || i, decode(md5(i::text), 'hex'), i + 0.5,
                  '{"a": 1.0}', 'abc', '2024-01-01Z'::timestamptz + i * interval '1 s', '{""}'
                  FROM generate_series(1, 100000) i;
                ANALYZE t;
                """);
        long seed = 20_240_229;
        Random random = new Random(seed);
        List<Integer> ids = new ArrayList<>();
        for (int id = 1; id <= ROWS; id++) {
            ids.add(id);
        }
        Collections.shuffle(ids, random);
        Map<String, String> expected = new TreeMap<>();
        StringBuilder sql = new StringBuilder();
        for (int id : ids.subList(0, FAULTS)) {
            String[] kind = KINDS.get(random.nextInt(KINDS.size()));
            boolean extra = kind[0].startsWith("INSERT");
            sql.append(String.format(kind[0], id)).append(";\n");
            expected.put(
                    extra ? "-" + id : "" + id,
                    extra
                            ? "EXTRA []"
                            : kind[1].isEmpty() ? "MISSING []" : "DIFFERENT [" + kind[1] + "]");
        }
        sides.targetDatabase.execute(sql.toString());

        TableResult table =
                sides.validate(TwoSides.options(Mode.FULL).listing(2 * FAULTS).cutting(20_000))
                        .tables()
                        .get(0);

        Map<String, String> found =
                table.differences().stream()
                        .collect(
                                Collectors.toMap(
                                        one -> one.key().get("id"),
                                        one -> one.kind() + " " + one.columns(),
                                        (one, other) -> one + " twice " + other,
                                        TreeMap::new));
        assertThat(found).as("seed " + seed).isEqualTo(expected);
        assertThat(table.found()).isEqualTo(FAULTS);
    }
}
