package io.landbridge.cli;

import io.landbridge.Migration;
import io.landbridge.MigrationBuilder;
import java.util.function.Supplier;

/** Where the process begins. */
public final class Main {

    private Main() {}

    /** Runs one command and ends the process with its exit status. */
    public static void main(String[] arguments) {
        run(Shell.ofThisProcess(), Migration::configure, arguments);
    }

    static void run(Shell shell, Supplier<MigrationBuilder> migrations, String... arguments) {
        LastResort.install();
        System.exit(Landbridge.execute(shell, migrations, arguments));
    }
}
