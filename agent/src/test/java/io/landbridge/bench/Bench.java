package io.landbridge.bench;

import java.util.Arrays;

/** {@code scripts/dev bench NAME [ARGUMENT ...]}: one benchmark beside its peers. */
public final class Bench {

    private Bench() {}

    public static void main(String[] arguments) throws Exception {
        String name = arguments.length == 0 ? "" : arguments[0];
        String[] rest =
                arguments.length == 0
                        ? arguments
                        : Arrays.copyOfRange(arguments, 1, arguments.length);
        switch (name) {
            case "load" -> LoadBench.main(rest);
            case "mysql-load" -> MysqlLoadBench.main(rest);
            case "cdc" -> CdcBench.main(rest);
            case "mysql-cdc" -> MysqlCdcBench.main(rest);
            case "latency" -> LatencyBench.main(rest);
            case "capture" -> CaptureBench.main(rest);
            case "buffer" -> BufferBench.main(rest);
            default -> {
                System.err.println(
                        "scripts/dev bench load|mysql-load|cdc|mysql-cdc|latency|capture|buffer [ARGUMENT ...]");
                System.exit(2);
            }
        }
    }
}
