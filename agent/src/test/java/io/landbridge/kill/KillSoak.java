package io.landbridge.kill;

import io.landbridge.testkit.MysqlServer;
import io.landbridge.testkit.PostgresServer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code scripts/dev soak kill}: many kills, a transaction of a million rows. */
@Command(name = "scripts/dev soak kill", mixinStandardHelpOptions = true)
public final class KillSoak implements Callable<Integer> {

    @Option(names = "--kills", defaultValue = "30")
    private int kills;

    @Option(names = "--rows", defaultValue = "10000", description = "Size of the small tables.")
    private int rows;

    @Option(
            names = "--huge",
            defaultValue = "1000000",
            description = "Rows of each of two transactions; 0: none.")
    private int huge;

    @Option(names = "--rate", defaultValue = "200", description = "Transactions a second.")
    private double rate;

    @Option(names = "--seed", description = "Default: another one each time.")
    private long seed = System.nanoTime();

    @Option(names = "--source", defaultValue = "14", description = "12, 14, 17 or mysql.")
    private String sourceKind;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new KillSoak()).execute(arguments));
    }

    @Override
    public Integer call() {
        long began = System.nanoTime();
        System.out.println("seed " + seed);
        if (sourceKind.equals("mysql")) {
            try (MysqlServer source = MysqlServer.start(Map.of())) {
                return call(KillScene.mysql(source), began);
            }
        }
        try (PostgresServer source = PostgresServer.start(Integer.parseInt(sourceKind), Map.of())) {
            return call(KillScene.postgres(source.freshDatabase()), began);
        }
    }

    private int call(KillScene source, long began) {
        try (PostgresServer target = PostgresServer.start(17, Map.of())) {
            KillRun run =
                    new KillRun(
                            new KillRun.Plan(
                                    kills,
                                    rows,
                                    huge,
                                    6,
                                    rate,
                                    Duration.ofSeconds(5),
                                    seed,
                                    source.yaml()
                                            + "load:\n  chunk-rows: 5000\n  throttle: 1MiB\n"),
                            source,
                            target.freshDatabase(),
                            line ->
                                    System.out.printf(
                                            "[%6.1f s] %s%n",
                                            (System.nanoTime() - began) / 1e9, line));
            run.run();
            System.out.println("equal after " + kills + " kills: " + run.killedIn());
            return 0;
        }
    }
}
