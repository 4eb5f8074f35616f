package io.landbridge.apply;

import io.landbridge.change.RowKey;
import io.landbridge.change.TableId;

/**
 * Which worker a key belongs to: always the same one, in every run, since after a crash between two
 * workers' commits a key's changes must go to the worker whose position speaks of them. So only
 * hashes that are specified ({@code String}'s) take part.
 *
 * @param workers how many there are
 */
record Dealing(int workers) {

    int of(TablePlan plan, RowKey key) {
        int hash = hash(key.table());
        for (int i = 0; i < plan.layout().key().size(); i++) {
            hash = 31 * hash + key.value(i).hashCode();
        }
        return plan.undivided() ? of(plan) : place(hash);
    }

    /** For a plan whose table is not divided. */
    int of(TablePlan plan) {
        return place(hash(plan.layout().table()));
    }

    private static int hash(TableId table) {
        return 31 * table.schema().hashCode() + table.name().hashCode();
    }

    /** Mixed, since keys that count up by the number of workers would all meet at one. */
    private int place(int hash) {
        int mixed = hash * 0x9E3779B9;
        return Math.floorMod(mixed ^ (mixed >>> 15), workers);
    }
}
