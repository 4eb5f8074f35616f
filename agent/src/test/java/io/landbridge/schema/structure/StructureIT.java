package io.landbridge.schema.structure;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.config.TablesConfig;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.Side;
import io.landbridge.schema.PostgresCatalogue;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import io.landbridge.testkit.Workload;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Structures of a server of version 14 and one of version 17. */
class StructureIT {

    private static final TablesConfig ALL = new TablesConfig(List.of("*.*"), List.of());

    private static final String TABLES =
            """
            CREATE TABLE parent (id int PRIMARY KEY);
            CREATE SEQUENCE free INCREMENT -3 MINVALUE -100 MAXVALUE 0 CYCLE;
            CREATE TABLE t (
              id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
              n serial,
              parent int REFERENCES parent ON DELETE CASCADE DEFERRABLE,
              v numeric(10, 2) DEFAULT 1.5 CHECK (v > 0 AND extract(year FROM now()) > 2000),
              name varchar(20) NOT NULL DEFAULT 'x''y' || current_user,
              twice numeric GENERATED ALWAYS AS (v * 2) STORED,
              span int4range, EXCLUDE USING gist (span WITH &&));
            CREATE UNIQUE INDEX one_name ON t (lower(name)) WHERE v > 3;
            CREATE INDEX quick ON t (parent) INCLUDE (n);
            CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
            CREATE TRIGGER before_t BEFORE UPDATE OF v ON t FOR EACH ROW WHEN (NEW.v > 1) EXECUTE FUNCTION f();
            """;

    private final TestDatabase source = Servers.source().freshDatabase();
    private final TestDatabase target = Servers.target().freshDatabase();

    private List<String> compare() {
        try (Database here = source.open(Side.SOURCE);
                Database there = target.open(Side.TARGET)) {
            return StructureComparison.compare(
                            new PostgresStructure(here, ALL),
                            PostgresCatalogue.read(here, ALL),
                            new PostgresStructure(there, ALL),
                            PostgresCatalogue.read(there, ALL))
                    .stream()
                    .map(
                            one ->
                                    (one.blocks() ? "! " : "")
                                            + one.kind()
                                            + " "
                                            + one.aspect()
                                            + " "
                                            + one.table().name()
                                            + " "
                                            + one.name())
                    .toList();
        }
    }

    @Test
    void findsNothingWhereBothSidesHaveTheSame() {
        Workload.createTables(source, 100);
        Workload.createTables(target, 100);
        source.execute(TABLES);
        target.execute(TABLES);
        assertThat(compare()).isEmpty();
    }

    @Test
    void namesWhatTheTargetLacksAndSaysWhatBlocks() {
        source.execute(TABLES, "CREATE TABLE u (a int UNIQUE, b int)");
        target.execute(
                TABLES,
                "CREATE TABLE u (a bigint, c int)",
                "ALTER TABLE t ALTER name DROP NOT NULL, ALTER v SET DEFAULT 2",
                "ALTER TABLE t DISABLE TRIGGER before_t",
                "DROP INDEX one_name, quick",
                "ALTER SEQUENCE free NO CYCLE",
                "ALTER TABLE t RENAME CONSTRAINT t_pkey TO otherwise",
                "ALTER TABLE t DROP CONSTRAINT t_parent_fkey",
                "ALTER TABLE t ADD CONSTRAINT again FOREIGN KEY (parent) REFERENCES parent"
                        + " ON DELETE CASCADE DEFERRABLE NOT VALID",
                "GRANT SELECT ON t TO PUBLIC");
        assertThat(compare())
                .containsExactlyInAnyOrder(
                        "! DIFFERENT SEQUENCE free sequence",
                        "! MISSING NOT_NULL t name",
                        "! DIFFERENT DEFAULT t v",
                        "! DIFFERENT TRIGGER t before_t",
                        "! DIFFERENT CONSTRAINT t FOREIGN KEY (parent) REFERENCES public.parent(id)"
                                + " ON DELETE CASCADE DEFERRABLE",
                        "! MISSING UNIQUE_INDEX t CREATE UNIQUE INDEX ON public.t USING btree"
                                + " (lower((name)::text)) WHERE (v > (3)::numeric)",
                        "MISSING INDEX t CREATE INDEX ON public.t USING btree (parent) INCLUDE (n)",
                        "EXTRA GRANT t PUBLIC",
                        "! MISSING COLUMN u b",
                        "! MISSING CONSTRAINT u UNIQUE (a)",
                        "DIFFERENT TYPE u a",
                        "EXTRA COLUMN u c");
    }
}
