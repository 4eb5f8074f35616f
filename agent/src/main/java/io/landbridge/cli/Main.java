package io.landbridge.cli;

/** Where the process begins. */
public final class Main {

    private Main() {}

    /** Runs one command and ends the process with its exit status. */
    public static void main(String[] arguments) {
        run(Shell.ofThisProcess(), new Wiring(), arguments);
    }

    static void run(Shell shell, MigrationFactory migrations, String... arguments) {
        LastResort.install();
        System.exit(Landbridge.execute(shell, migrations, arguments));
    }
}
