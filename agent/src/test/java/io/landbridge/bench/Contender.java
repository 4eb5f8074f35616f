package io.landbridge.bench;

/** One way to drain a backlog: its slot stands when it is made, it reads from its start on. */
interface Contender extends AutoCloseable {
    void start();

    /** CPU that it has used outside the two servers. */
    double cpuSeconds();

    @Override
    void close();
}
