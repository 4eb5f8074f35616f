package io.landbridge.apply;

/**
 * A statement touched another number of rows than the source's changes say. Never leaves this
 * package.
 */
final class RowsDiffer extends Exception {

    RowsDiffer(TablePlan plan, String operation, long expected, long touched) {
        this(
                operation
                        + " in "
                        + plan.layout().table()
                        + " touched "
                        + touched
                        + " of "
                        + expected
                        + (expected == 1 ? " row" : " rows"));
    }

    RowsDiffer(String message) {
        super(message);
    }
}
