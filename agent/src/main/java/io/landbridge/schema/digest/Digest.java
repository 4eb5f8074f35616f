package io.landbridge.schema.digest;

import java.util.BitSet;

/**
 * What a set of rows hashes to, whatever their order: rows are dealt into buckets by their own
 * hash, and each bucket keeps their number and the sums of both halves of their hashes, modulo
 * 2^64. A sum, unlike XOR, sees that a row is there twice.
 *
 * <p>Not thread-safe. The number of buckets is a power of two.
 */
public final class Digest {

    private final long[] counts;
    private final long[] high;
    private final long[] low;

    public Digest(int buckets) {
        if (Integer.bitCount(buckets) != 1) {
            throw new IllegalArgumentException(buckets + " is no power of two");
        }
        counts = new long[buckets];
        high = new long[buckets];
        low = new long[buckets];
    }

    /** Adds {@code count} rows whose hashes' halves sum up to these. */
    public void add(int bucket, long count, long sumOfHigh, long sumOfLow) {
        counts[bucket] += count;
        high[bucket] += sumOfHigh;
        low[bucket] += sumOfLow;
    }

    /** Adds {@code count} rows whose {@link #hash} is {@code hash}. */
    public void add(long count, String hash) {
        add(
                0,
                count,
                Long.parseUnsignedLong(hash.substring(0, 16), 16),
                Long.parseUnsignedLong(hash.substring(16), 16));
    }

    public int buckets() {
        return counts.length;
    }

    public long rows() {
        return sum(counts);
    }

    /** 32 hexadecimal digits: equal for equal multisets of rows, whatever the buckets. */
    public String hash() {
        return String.format("%016x%016x", sum(high), sum(low));
    }

    /** Buckets that don't hold the same rows as {@code other}'s. */
    public BitSet differing(Digest other) {
        BitSet differing = new BitSet(counts.length);
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] != other.counts[i]
                    || high[i] != other.high[i]
                    || low[i] != other.low[i]) {
                differing.set(i);
            }
        }
        return differing;
    }

    /** Adds all rows of {@code part} to the total of this one; buckets may differ. */
    public void addTotal(Digest part) {
        add(0, part.rows(), sum(part.high), sum(part.low));
    }

    private static long sum(long[] values) {
        long sum = 0;
        for (long value : values) {
            sum += value;
        }
        return sum;
    }
}
