package io.landbridge.schema;

import java.util.EnumSet;
import java.util.Set;

/** When a DDL statement runs; stages run in this order. */
enum DdlStage {
    /** Before the load: tables without any index, and what they need. */
    TABLES(false),
    /** Before the load: what existing tables have that would slow it down or get in its way. */
    DROPS(false),
    /** After the load: the keys by which the applier finds rows. */
    KEYS(true),
    /** After the load: partitions' shares of the keys put under those of their roots. */
    KEY_SHARES(false),
    /** After the load converged: all other indexes. */
    INDEXES(true),
    CONSTRAINTS(false),
    VALIDATIONS(true),
    /** Views, triggers, rules, policies, comments. */
    CODE(false),
    REFRESHES(false),
    /** For the planner. */
    STATISTICS(true),
    /** When the applier has ended: what would fire for it, too. */
    LAST(false);

    /** What follows once the load converged. */
    static final Set<DdlStage> REST = EnumSet.range(INDEXES, STATISTICS);

    private final boolean parallel;

    DdlStage(boolean parallel) {
        this.parallel = parallel;
    }

    /** Whether its statements take the longer the more rows there are. */
    boolean touchesRows() {
        return parallel || this == REFRESHES;
    }

    /** Whether its statements may run beside each other. */
    boolean parallel() {
        return parallel;
    }
}
