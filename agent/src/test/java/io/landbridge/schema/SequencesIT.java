package io.landbridge.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landbridge.change.TableId;
import io.landbridge.config.TablesConfig;
import io.landbridge.fault.Fault;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.Side;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SequencesIT {

    private static final String SCHEMA =
            """
            create table orders (id serial primary key, n int generated always as identity
                (increment by -2 minvalue -9 maxvalue 9 start with 5 cycle));
            create sequence shared;
            create table uses (a int default nextval('shared'));
            create sequence free as smallint increment by -1 cycle cache 7;
            create sequence "Odd ""one" start 41 increment 10;
            create table root (id bigserial, primary key (id)) partition by range (id);
            create table leaf partition of root for values from (0) to (100);
            create schema other;
            create sequence other.elsewhere;
            create table other.unselected (id serial);
            """;

    @ParameterizedTest
    @ValueSource(ints = {12, 14, 17})
    void setsTheTargetWhereTheSourceStands(int major) {
        TestDatabase from = Servers.postgres(major).freshDatabase();
        TestDatabase to = Servers.target().freshDatabase();
        from.execute(SCHEMA);
        to.execute(SCHEMA.replace("id serial", "\"id\" serial"));
        to.execute("alter sequence orders_id_seq rename to called_otherwise");
        from.execute(
                "select nextval('orders_id_seq') from generate_series(1, 41)",
                "insert into orders (id) select g from generate_series(1, 9) g",
                "select setval('shared', 7, false)",
                "select setval('\"Odd \"\"one\"', 9223372036854775807)",
                "select nextval('root_id_seq')",
                "select nextval('free')");
        List<String> next =
                List.of(
                        "pg_get_serial_sequence('orders', 'id')",
                        "'orders_n_seq'",
                        "'shared'",
                        "'free'",
                        "'root_id_seq'");

        List<Sequence> sequences = read(from, "public.*");

        assertThat(sequences)
                .extracting(sequence -> sequence.id().name())
                .containsExactly(
                        "Odd \"one",
                        "free",
                        "orders_id_seq",
                        "orders_n_seq",
                        "root_id_seq",
                        "shared");
        try (Database target = to.open(Side.TARGET)) {
            assertThat(Sequences.differing(target, sequences)).isNotEmpty();
            Sequences.set(target, sequences);
            Sequences.set(target, sequences);
            assertThat(Sequences.differing(target, sequences)).isEmpty();
        }
        for (String sequence : next) {
            String query = "select nextval(" + sequence + ") from generate_series(1, 12)";
            assertThat(to.rows(query)).as(sequence).isEqualTo(from.rows(query));
        }
        assertThatThrownBy(() -> to.execute("select nextval('\"Odd \"\"one\"')"))
                .hasMessageContaining("reached maximum value");
    }

    @Test
    void readsADefinitionWhole() {
        TestDatabase database = Servers.source().freshDatabase();
        database.execute(SCHEMA);

        assertThat(read(database, "public.orders"))
                .hasSize(2)
                .contains(
                        new Sequence(
                                new TableId("public", "orders_n_seq"),
                                Optional.of(
                                        new Sequence.Owner(
                                                new TableId("public", "orders"), "n", true)),
                                "integer",
                                5,
                                -2,
                                -9,
                                9,
                                true,
                                1,
                                5,
                                false));
    }

    @Test
    void findsSequencesThroughPartitionsAndDefaults() {
        TestDatabase database = Servers.source().freshDatabase();
        database.execute(SCHEMA);

        assertThat(read(database, "public.leaf"))
                .extracting(sequence -> sequence.id().name())
                .containsExactly("root_id_seq");
        assertThat(read(database, "public.uses"))
                .extracting(sequence -> sequence.id().name())
                .containsExactly("shared");
    }

    @Test
    void namesWhatTheTargetLacks() {
        TestDatabase from = Servers.source().freshDatabase();
        TestDatabase to = Servers.target().freshDatabase();
        from.execute(SCHEMA);
        List<Sequence> sequences = read(from, "public.uses");

        try (Database target = to.open(Side.TARGET)) {
            assertThatThrownBy(() -> Sequences.set(target, sequences))
                    .isInstanceOf(Fault.class)
                    .hasMessageContaining("public.shared");
        }
    }

    @Test
    void readsHundredsInAFewRoundTrips() {
        TestDatabase from = Servers.source().freshDatabase();
        TestDatabase to = Servers.target().freshDatabase();
        StringBuilder sql = new StringBuilder();
        for (int i = 0; i < 450; i++) {
            sql.append("create sequence s").append(i).append(" start ").append(i + 1).append(';');
        }
        from.execute(sql.toString());
        to.execute(sql.toString().replaceAll(" start \\d+", ""));

        List<Sequence> sequences = read(from, "public.*");

        assertThat(sequences).hasSize(450);
        try (Database target = to.open(Side.TARGET)) {
            Sequences.set(target, sequences);
        }
        assertThat(to.number("select nextval('s449')")).isEqualTo(450);
    }

    private static List<Sequence> read(TestDatabase test, String pattern) {
        TablesConfig wanted = new TablesConfig(List.of(pattern), List.of());
        try (Database database = test.open(Side.SOURCE)) {
            return Sequences.read(database, wanted, PostgresCatalogue.read(database, wanted));
        }
    }
}
