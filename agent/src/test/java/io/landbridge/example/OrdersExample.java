package io.landbridge.example;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A large table of orders, loaded by parallel workers, chunk by chunk of its key. */
@Command(name = "orders", mixinStandardHelpOptions = true, sortOptions = false)
final class OrdersExample implements Callable<Integer> {

    private static final String SOURCE_TEXT =
            "CONCAT_WS('|', id, customer_id, state, total, COALESCE(note, '~'),"
                    + " DATE_FORMAT(placed_at, '%Y-%m-%d %H:%i:%s.%f'))";

    private static final String TARGET_TEXT =
            "concat_ws('|', id, customer_id, state, total, coalesce(note, '~'), to_char(placed_at,"
                    + " 'YYYY-MM-DD HH24:MI:SS.US'))";

    @Option(
            names = "--rows",
            defaultValue = "1000000",
            description = "Orders that are made (default ${DEFAULT-VALUE}).")
    private int rows;

    @Option(
            names = "--workers",
            defaultValue = "4",
            description = "load.workers (default ${DEFAULT-VALUE}).")
    private int workers;

    @Override
    public Integer call() throws Exception {
        try (Stage stage = new Stage("orders")) {
            stage.say("making " + rows + " orders at MySQL");
            stage.source()
                    .execute(
                            "CREATE TABLE orders (id bigint unsigned AUTO_INCREMENT PRIMARY KEY,"
                                    + " customer_id int unsigned NOT NULL, state enum('new',"
                                    + " 'paid', 'sent') NOT NULL DEFAULT 'new', total"
                                    + " decimal(12, 2) NOT NULL, note varchar(200), placed_at"
                                    + " datetime(3) NOT NULL, KEY by_customer (customer_id,"
                                    + " placed_at))",
                            "SET SESSION cte_max_recursion_depth = " + rows,
                            "INSERT INTO orders (customer_id, state, total, note, placed_at) WITH"
                                    + " RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM"
                                    + " n WHERE i < "
                                    + rows
                                    + ") SELECT 1 + i % 10007, 1 + i % 3, i % 100000 / 100, IF(i %"
                                    + " 3 = 0, CONCAT('please ring twice, order ', i), NULL),"
                                    + " '2020-01-01' + INTERVAL i * 61013 MICROSECOND FROM n");
            stage.with("WORKERS", workers).with("CHUNK_ROWS", Math.max(1000, rows / workers / 5));
            stage.landbridge("assess");
            stage.landbridge("migrate", "--until", "loaded");
            return stage.compare("orders", SOURCE_TEXT, TARGET_TEXT) ? 0 : 5;
        }
    }
}
