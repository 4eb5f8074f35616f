package io.landbridge.kill;

import io.landbridge.config.DatabaseConfig;
import io.landbridge.testkit.MysqlServer;
import io.landbridge.testkit.MysqlTestDatabase;
import io.landbridge.testkit.MysqlTransactions;
import io.landbridge.testkit.NastyTransactions;
import io.landbridge.testkit.RowsOf;
import io.landbridge.testkit.TestDatabase;
import io.landbridge.testkit.Workload;
import io.landbridge.testkit.WriterTransaction;
import java.util.List;

/** The source of a {@link KillRun}: its tables, what is written to them, and how to compare. */
interface KillScene {

    String name();

    DatabaseConfig source();

    List<WriterTransaction> kinds();

    void create(int rows);

    void hugeTransaction(int batch, int rows);

    void assertEqual(TestDatabase target);

    /** Sections of the agent's configuration. */
    default String yaml() {
        return "";
    }

    static KillScene postgres(TestDatabase source) {
        return new KillScene() {
            @Override
            public String name() {
                return source.name();
            }

            @Override
            public DatabaseConfig source() {
                return source.config();
            }

            @Override
            public List<WriterTransaction> kinds() {
                return NastyTransactions.all();
            }

            @Override
            public void create(int rows) {
                Workload.createTables(source, rows);
            }

            @Override
            public void hugeTransaction(int batch, int rows) {
                Workload.hugeTransaction(source, batch, rows);
            }

            @Override
            public void assertEqual(TestDatabase target) {
                RowsOf.assertEqual(source, target);
            }
        };
    }

    /** On a server of its own, since the database has a name of its own. */
    static KillScene mysql(MysqlServer server) {
        MysqlTestDatabase source = new MysqlTestDatabase(server, MysqlTransactions.DATABASE);
        return new KillScene() {
            @Override
            public String name() {
                return source.name();
            }

            @Override
            public DatabaseConfig source() {
                return source.config();
            }

            @Override
            public List<WriterTransaction> kinds() {
                return MysqlTransactions.all();
            }

            @Override
            public String yaml() {
                return "tables:\n  include: ['work.*']\n";
            }

            @Override
            public void create(int rows) {
                MysqlTransactions.create(server, rows);
            }

            @Override
            public void hugeTransaction(int batch, int rows) {
                MysqlTransactions.huge(source, batch, rows);
            }

            @Override
            public void assertEqual(TestDatabase target) {
                org.assertj.core.api.Assertions.assertThat(
                                MysqlTransactions.differences(source, target))
                        .isEmpty();
            }
        };
    }
}
