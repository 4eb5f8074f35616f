package io.landbridge.observe;

import io.landbridge.phase.MigrationStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The migration's figures over time, for the page's charts: the last quarter of an hour by the
 * second, the last day by the minute. Kept in memory only; a restarted agent begins anew.
 * Thread-safe.
 */
final class History {

    private static final int SECONDS = 15 * 60;
    private static final int MINUTES = 24 * 60;

    private final Deque<Point> bySecond = new ArrayDeque<>();
    private final Deque<Point> byMinute = new ArrayDeque<>();
    private Optional<Seen> last = Optional.empty();

    /** What the next point's rates are counted from. */
    private record Seen(Instant at, long changes) {}

    /**
     * The figures at one moment.
     *
     * @param at seconds since 1970
     * @param rows loaded a second
     * @param changes applied a second, since the point before
     * @param lag seconds; empty while it isn't known
     * @param events in the buffer, not applied yet
     * @param retained bytes of log that the source keeps for us; empty without a slot
     */
    record Point(
            long at,
            double rows,
            double changes,
            Optional<Double> lag,
            long events,
            Optional<Long> retained) {}

    /**
     * Points as columns, the oldest first; minutes end where seconds begin. Every list is as long
     * as {@code at}.
     */
    record Columns(
            List<Long> at,
            List<Double> rows,
            List<Double> changes,
            List<Optional<Double>> lag,
            List<Long> events,
            List<Optional<Long>> retained) {

        static Columns of(List<Point> points) {
            return new Columns(
                    points.stream().map(Point::at).toList(),
                    points.stream().map(Point::rows).toList(),
                    points.stream().map(Point::changes).toList(),
                    points.stream().map(Point::lag).toList(),
                    points.stream().map(Point::events).toList(),
                    points.stream().map(Point::retained).toList());
        }
    }

    /** Takes a point of {@code status}; nothing when it is of the same second as the one before. */
    synchronized void take(MigrationStatus status) {
        Instant at = status.at();
        if (last.isPresent() && at.getEpochSecond() <= last.get().at().getEpochSecond()) {
            return;
        }
        long changes = status.apply().changes();
        double rate = last.map(seen -> rate(seen, at, changes)).orElse(0.0);
        last = Optional.of(new Seen(at, changes));
        Point point =
                new Point(
                        at.getEpochSecond(),
                        status.load().rowsPerSecond(),
                        rate,
                        status.apply().lag().map(lag -> lag.toNanos() / 1e9),
                        status.buffer().events(),
                        status.slot().map(MigrationStatus.Slot::retainedBytes));
        add(bySecond, point, SECONDS);
        Point minute = byMinute.peekLast();
        if (minute == null || point.at() / 60 > minute.at() / 60) {
            add(byMinute, point, MINUTES);
        }
    }

    private static double rate(Seen before, Instant at, long changes) {
        double seconds = Duration.between(before.at(), at).toNanos() / 1e9;
        return Math.max(0, changes - before.changes()) / seconds;
    }

    private static void add(Deque<Point> points, Point point, int most) {
        points.addLast(point);
        if (points.size() > most) {
            points.removeFirst();
        }
    }

    synchronized Columns columns() {
        long oldestSecond = bySecond.isEmpty() ? Long.MAX_VALUE : bySecond.getFirst().at();
        List<Point> points = new ArrayList<>();
        byMinute.stream().filter(point -> point.at() < oldestSecond).forEach(points::add);
        points.addAll(bySecond);
        return Columns.of(points);
    }
}
