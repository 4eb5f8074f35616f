package io.landbridge.capture.binlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.capture.binlog.LoggedStatement.Effect;
import io.landbridge.change.TableId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoggedStatementTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE INDEX i ON t (a)",
                "DROP INDEX i ON t",
                "ALTER TABLE t ADD INDEX i (a), COMMENT 'ADD COLUMN b int'",
                "ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES u (a)",
                "alter table t engine=innodb, algorithm=inplace",
                "ALTER TABLE t RENAME INDEX i TO j",
                "CREATE TABLE u (a int)",
                "CREATE VIEW v AS SELECT * FROM t",
                "GRANT SELECT ON t TO somebody",
                "SAVEPOINT t",
                "/* ALTER TABLE t DROP a */",
                "-- ALTER TABLE t DROP a",
                ""
            })
    void passesWhatNoRowShows(String sql) {
        assertThat(LoggedStatement.of(sql, "shop").effect()).isEqualTo(Effect.NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ALTER TABLE t ADD COLUMN b int",
                "ALTER TABLE t ADD (b int, c int)",
                "ALTER TABLE shop.t DROP a",
                "ALTER TABLE `shop`.`t` ADD INDEX i (a), MODIFY a bigint",
                "alter table t convert to character set latin1",
                "ALTER TABLE t RENAME COLUMN a TO b",
                "ALTER TABLE t TRUNCATE PARTITION p0",
                "ALTER TABLE t DROP PRIMARY KEY",
                "ALTER TABLE u RENAME TO t",
                "RENAME TABLE u TO v, t TO w",
                "DROP TABLE IF EXISTS u, t",
                "ALTER TABLE /* why */ t /*!80000 DROP a */"
            })
    void seesWhatAltersATable(String sql) {
        LoggedStatement statement = LoggedStatement.of(sql, "shop");
        assertThat(statement.effect()).isEqualTo(Effect.ALTER);
        assertThat(statement.tables()).contains(new TableId("shop", "t"));
    }

    @ParameterizedTest
    @CsvSource({
        "TRUNCATE TABLE shop.t, TRUNCATE",
        "truncate t, TRUNCATE",
        "INSERT INTO t VALUES (1), ROWS",
        "UPDATE u JOIN shop.t USING (a) SET b = 1, ROWS",
        "BEGIN, BEGIN",
        "COMMIT, COMMIT",
        "ROLLBACK, ROLLBACK",
        "XA START 'x', DISTRIBUTED"
    })
    void tellsTheOthers(String sql, Effect effect) {
        LoggedStatement statement = LoggedStatement.of(sql, "shop");
        assertThat(statement.effect()).isEqualTo(effect);
        if (effect == Effect.TRUNCATE || effect == Effect.ROWS) {
            assertThat(statement.tables()).contains(new TableId("shop", "t"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ALTER TABLE t ADD COLUMN b int | b",
                "ALTER TABLE t ADD b int DEFAULT (1), ADD INDEX i (b), ADD COLUMN `key` int | b,key",
                "ALTER TABLE t ADD COLUMN b int AFTER a | ''",
                "ALTER TABLE t ADD COLUMN b int FIRST | ''",
                "ALTER TABLE t ADD (b int, c int) | ''",
                "ALTER TABLE t ADD COLUMN b int, DROP c | ''",
                "ALTER TABLE t ADD INDEX i (b) | ''"
            })
    void namesTheColumnsThatAreOnlyAdded(String sql, String columns) {
        assertThat(String.join(",", LoggedStatement.of(sql, "shop").added())).isEqualTo(columns);
    }
}
