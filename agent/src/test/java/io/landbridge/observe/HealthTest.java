package io.landbridge.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.config.HttpConfig;
import io.landbridge.config.Secret;
import io.landbridge.phase.MigrationStatus;
import io.landbridge.testkit.Await;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

class HealthTest {

    private static final HttpConfig CONFIG =
            new HttpConfig("127.0.0.1", 0, Secret.NONE, Duration.ofMinutes(1), Optional.empty());

    @Test
    void readyWhenFollowingClosely() {
        assertThat(ready(Statuses.streaming("CDC", Duration.ofSeconds(3)).build())).isEmpty();
    }

    @Test
    void notReadyDuringTheLoad() {
        assertThat(ready(Statuses.in("FULL_LOAD").build()))
                .containsExactly("the target isn't complete in phase FULL_LOAD");
    }

    @Test
    void notReadyWhenFarBehind() {
        assertThat(ready(Statuses.streaming("CDC", Duration.ofSeconds(61)).build()))
                .containsExactly("the lag is 61 s, more than 1m");
    }

    @Test
    void notReadyWithoutCapture() {
        assertThat(ready(Statuses.in("CDC").build()))
                .containsExactly(
                        "the source's log isn't being read: capture is OFF",
                        "the lag isn't known yet");
    }

    @Test
    void everyFaultSpeaksAgainstReady() {
        assertThat(
                        ready(
                                Statuses.streaming("CDC", Duration.ZERO)
                                        .faults(List.of(Statuses.divergence()), Statuses.counts())
                                        .build()))
                .containsExactly("DIVERGENCE: an update found no row");
    }

    @Test
    void readyOnceTheTargetTakesTheWrites() {
        assertThat(ready(Statuses.in("COMPLETE").build())).isEmpty();
        assertThat(ready(Statuses.in("MONITORING").build())).isEmpty();
    }

    @Test
    void failedMigrationIsLiveSinceARestartWouldNotHelp() {
        Health health = health(Statuses.in("FAILED").build());
        assertThat(health.live().isUp()).isTrue();
        assertThat(health.ready().isUp()).isFalse();
        assertThat(health.started().isUp()).isTrue();
    }

    @Test
    void agentWhoseThreadsBlockEachOtherIsNotLive() throws Exception {
        Health health = health(Statuses.in("CDC").build());
        assertThat(health.live().isUp()).isTrue();
        ReentrantLock one = new ReentrantLock();
        ReentrantLock other = new ReentrantLock();
        CyclicBarrier bothHold = new CyclicBarrier(2);
        List<Thread> deadlocked =
                List.of(taking(one, other, bothHold), taking(other, one, bothHold));
        Await.until("both are blocked", Duration.ofSeconds(30), () -> !health.live().isUp());
        assertThat(health.live().reasons()).containsExactly("2 threads block each other");
        deadlocked.forEach(Thread::interrupt);
        for (Thread thread : deadlocked) {
            thread.join();
        }
        assertThat(health.live().isUp()).isTrue();
    }

    private static Thread taking(
            ReentrantLock first, ReentrantLock second, CyclicBarrier bothHold) {
        Thread thread =
                new Thread(
                        () -> {
                            first.lock();
                            try {
                                bothHold.await();
                                second.lockInterruptibly();
                            } catch (InterruptedException | BrokenBarrierException e) {
                                Thread.currentThread().interrupt();
                            } finally {
                                first.unlock();
                            }
                        });
        thread.start();
        return thread;
    }

    private static List<String> ready(MigrationStatus status) {
        return health(status).ready().reasons();
    }

    private static Health health(MigrationStatus status) {
        return new Health(new RecordedControl(status), CONFIG);
    }
}
