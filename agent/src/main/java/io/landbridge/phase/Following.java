package io.landbridge.phase;

import io.landbridge.apply.Follower;
import io.landbridge.apply.FollowerStatus;
import io.landbridge.buffer.Crew;
import io.landbridge.config.TransportConfig.Mode;
import io.landbridge.fault.Closing;
import io.landbridge.fault.Fault;
import io.landbridge.offsets.SourcePosition;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this agent does while another one leads: where the transport lets several agents share the
 * writing it writes what it is told, elsewhere it only waits. Belongs to the controller's thread,
 * but for {@link #seen} and {@link #status}.
 */
final class Following implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Following.class);
    private static final String WHO = "follow";
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Workplace work;
    private final StateStore store;
    private volatile Optional<MigrationState> seen = Optional.empty();
    private volatile Shared shared;
    private long lookAt = System.nanoTime();

    /** The stream that is shared, and what is done of it. */
    private record Shared(SourcePosition start, Mode mode, Crew crew, Follower follower) {

        boolean carries(MigrationState state) {
            return state.streamStart().filter(start::equals).isPresent()
                    && state.carriedBy() == mode;
        }
    }

    Following(Workplace work, StateStore store) {
        this.work = work;
        this.store = store;
    }

    /** The migration as the one that leads has written it down. */
    Optional<MigrationState> seen() {
        return seen;
    }

    /** What this agent writes for the one that leads. */
    Optional<FollowerStatus> status() {
        return Optional.ofNullable(shared).map(known -> known.follower().status());
    }

    /**
     * Called again and again while another agent leads.
     *
     * @return whether this one shares the work
     */
    boolean follow() {
        if (System.nanoTime() - lookAt < 0) {
            return shared != null;
        }
        lookAt = System.nanoTime() + LOOK_NANOS;
        try {
            seen = store.read();
            look(seen);
            work.faults.clear(WHO);
        } catch (Fault fault) {
            if (work.faults.raise(WHO, fault, work.site.clock().instant())) {
                LOG.warn("{}", fault.describe());
            }
        }
        return shared != null;
    }

    private void look(Optional<MigrationState> state) {
        if (state.isEmpty() || !isShared(state.get())) {
            leave();
            return;
        }
        if (shared != null && shared.carries(state.get())) {
            return;
        }
        leave();
        join(state.get());
    }

    private static boolean isShared(MigrationState state) {
        return state.streamStart().isPresent()
                && state.step().leadsForth()
                && state.ended().isEmpty();
    }

    private void join(MigrationState state) {
        SourcePosition start = state.streamStart().orElseThrow();
        Optional<Crew> crew = work.crew(state.carriedBy());
        if (crew.isEmpty()) {
            return;
        }
        Tables tables = Tables.registered(work.site, work.site.source().schema());
        Follower follower =
                new Follower(
                        work.site.target(),
                        crew.get(),
                        crew.get().changes(start),
                        work.site.progress(),
                        work.site.states(),
                        tables.target());
        follower.start();
        shared = new Shared(start, state.carriedBy(), crew.get(), follower);
        LOG.info("another agent leads; this one shares the writing as {}", crew.get().me());
    }

    /** Ends what is done for another, to lead; this agent stays in the crew. */
    void end() {
        Shared known = shared;
        shared = null;
        lookAt = System.nanoTime();
        if (known != null) {
            LOG.info("follows no more");
            known.follower().close();
        }
    }

    private void leave() {
        Shared known = shared;
        end();
        if (known != null) {
            known.crew().close();
        }
    }

    @Override
    public void close() {
        Shared known = shared;
        if (known != null) {
            Closing.all(known.follower());
        }
    }
}
