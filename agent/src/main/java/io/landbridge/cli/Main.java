package io.landbridge.cli;

/** Where the process begins. */
public final class Main {

    private Main() {}

    /** Runs one command and ends the process with its exit status. */
    public static void main(String[] arguments) {
        System.exit(Landbridge.execute(Shell.ofThisProcess(), new Wiring(), arguments));
    }
}
