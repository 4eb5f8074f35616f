package io.landbridge.example;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The examples come true, in small. */
class ExamplesIT {

    @Test
    void ordersAreLoadedByParallelWorkers() {
        assertThat(Examples.run("orders", "--rows", "20000", "--workers", "3")).isZero();
    }

    @Test
    void enumsBecomeTypes() {
        assertThat(Examples.run("enums")).isZero();
    }

    @Test
    void aProgramMovesThereAndBackAgain() {
        assertThat(Examples.run("embed", "--rows", "2000")).isZero();
    }

    @Test
    void changesArriveWhileTheyAreMade() {
        assertThat(Examples.run("follow", "--seconds", "5", "--rate", "100")).isZero();
    }
}
