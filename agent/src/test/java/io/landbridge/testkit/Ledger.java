package io.landbridge.testkit;

import java.time.Duration;
import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the writers know for themselves: which transactions were acknowledged, which were refused,
 * and for which the connection was lost before the answer. Thread-safe.
 */
public final class Ledger {

    private final Map<Integer, BitSet> acknowledged = new TreeMap<>();
    private final Map<Integer, BitSet> unknown = new TreeMap<>();
    private final Map<Integer, Long> lastCommit = new TreeMap<>();
    private final Map<String, Long> commits = new TreeMap<>();
    private final Map<String, Long> rollbacks = new TreeMap<>();
    private final Map<String, Long> errors = new TreeMap<>();
    private long total;
    private long longestPauseNanos;
    private String lastError = "";

    synchronized void committed(int writer, int sequence, String kind) {
        acknowledged.computeIfAbsent(writer, key -> new BitSet()).set(sequence);
        commits.merge(kind, 1L, Long::sum);
        total++;
        long now = System.nanoTime();
        Long last = lastCommit.put(writer, now);
        if (last != null) {
            longestPauseNanos = Math.max(longestPauseNanos, now - last);
        }
    }

    synchronized void rolledBack(String kind) {
        rollbacks.merge(kind, 1L, Long::sum);
    }

    synchronized void failed(String kind, String sqlState, String message) {
        errors.merge(kind + " " + sqlState, 1L, Long::sum);
        lastError = kind + " [" + sqlState + "] " + message;
    }

    /** The connection broke while the commit was under way: either outcome is right. */
    synchronized void unknown(int writer, int sequence) {
        unknown.computeIfAbsent(writer, key -> new BitSet()).set(sequence);
    }

    /** Starts measuring pauses anew. */
    public synchronized void forgetPauses() {
        lastCommit.clear();
        longestPauseNanos = 0;
    }

    /** Acknowledged commits of all writers. */
    public synchronized long commits() {
        return total;
    }

    /** Acknowledged commits by kind of transaction. */
    public synchronized Map<String, Long> commitsByKind() {
        return Map.copyOf(commits);
    }

    /** Planned rollbacks by kind. */
    public synchronized Map<String, Long> rollbacks() {
        return Map.copyOf(rollbacks);
    }

    /** How often "KIND SQLSTATE" happened. */
    public synchronized Map<String, Long> errors() {
        return Map.copyOf(errors);
    }

    public synchronized String lastError() {
        return lastError;
    }

    /** The longest time between two acknowledged commits of one writer. */
    public synchronized Duration longestPause() {
        return Duration.ofNanos(longestPauseNanos);
    }

    /**
     * Fails unless {@code database} holds the receipt of every commit that was acknowledged until
     * now, while the writers go on.
     */
    public void assertNothingLostIn(SqlAccess database) {
        Map<Integer, BitSet> lost = new TreeMap<>();
        synchronized (this) {
            acknowledged.forEach((writer, commits) -> lost.put(writer, (BitSet) commits.clone()));
        }
        receiptsIn(database)
                .forEach((writer, there) -> lost.getOrDefault(writer, new BitSet()).andNot(there));
        lost.values().removeIf(BitSet::isEmpty);
        if (!lost.isEmpty()) {
            throw new AssertionError("acknowledged but lost, by writer: " + lost);
        }
    }

    /**
     * Fails unless {@code database} holds the receipt of every acknowledged commit, and none of a
     * transaction that was refused or rolled back.
     */
    public void assertReceiptsIn(SqlAccess database) {
        Map<Integer, BitSet> found = receiptsIn(database);
        synchronized (this) {
            for (Map.Entry<Integer, BitSet> entry : acknowledged.entrySet()) {
                int writer = entry.getKey();
                BitSet there = found.getOrDefault(writer, new BitSet());
                BitSet lost = (BitSet) entry.getValue().clone();
                lost.andNot(there);
                BitSet invented = (BitSet) there.clone();
                invented.andNot(entry.getValue());
                invented.andNot(unknown.getOrDefault(writer, new BitSet()));
                if (!lost.isEmpty() || !invented.isEmpty()) {
                    throw new AssertionError(
                            "writer "
                                    + writer
                                    + ": acknowledged but lost "
                                    + lost
                                    + ", never committed but there "
                                    + invented);
                }
            }
        }
    }

    private static Map<Integer, BitSet> receiptsIn(SqlAccess database) {
        Map<Integer, BitSet> found = new TreeMap<>();
        for (String row : database.rows("SELECT writer, seq FROM work.receipt")) {
            int bar = row.indexOf('|');
            found.computeIfAbsent(Integer.valueOf(row.substring(0, bar)), key -> new BitSet())
                    .set(Integer.parseInt(row.substring(bar + 1)));
        }
        return found;
    }

    @Override
    public synchronized String toString() {
        return total
                + " commits, longest pause "
                + Duration.ofNanos(longestPauseNanos)
                + ", rollbacks "
                + rollbacks
                + ", errors "
                + errors;
    }
}
