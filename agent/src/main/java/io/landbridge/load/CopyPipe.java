package io.landbridge.load;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.source.CopyReader;
import io.landbridge.target.PostgresCopyWriter;

/**
 * Carries COPY data from one side to the other, byte for byte. The driver hands out a row at a
 * time; they travel on together, since each write has a price. Memory: one buffer and one row.
 */
final class CopyPipe {

    private static final int BUFFER_BYTES = 64 << 10;

    private final CopyReader from;
    private final PostgresCopyWriter to;
    private final Throttle throttle;
    private final Counted counted;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int buffered;
    private long bufferedRows;

    CopyPipe(CopyReader from, PostgresCopyWriter to, Throttle throttle, Counted counted) {
        this.from = from;
        this.to = to;
        this.throttle = throttle;
        this.counted = counted;
    }

    /**
     * Carries everything.
     *
     * @return how many bytes that was
     */
    long pump() {
        long bytes = 0;
        for (byte[] row = from.next(); row != null; row = from.next()) {
            bytes += row.length;
            if (buffered + row.length > BUFFER_BYTES) {
                flush();
            }
            bufferedRows++;
            if (row.length > BUFFER_BYTES) {
                send(row, row.length);
            } else {
                System.arraycopy(row, 0, buffer, buffered, row.length);
                buffered += row.length;
            }
        }
        flush();
        return bytes;
    }

    private void flush() {
        if (buffered > 0) {
            send(buffer, buffered);
            buffered = 0;
        }
    }

    private void send(byte[] bytes, int length) {
        to.write(bytes, length);
        counted.add(bufferedRows, length);
        bufferedRows = 0;
        if (!throttle.passed(length)) {
            throw Fault.of(FaultCode.INTERNAL, "the load was stopped");
        }
    }
}
