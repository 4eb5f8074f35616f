package io.landbridge.buffer;

import io.landbridge.change.Change;
import io.landbridge.change.Operation;
import io.landbridge.change.RowImage;
import io.landbridge.change.SourceEvent;
import io.landbridge.change.TableId;
import io.landbridge.change.TableLayout;
import io.landbridge.offsets.Lsn;
import io.landbridge.offsets.SourcePosition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Transactions of every shape, the same for the same seed. */
final class RandomEvents {

    private static final String[] TEXTS = {
        "",
        "a",
        "UNCHANGED",
        "true",
        "1970-01-01 00:00:00+00",
        "\u00e9t\u00e9",
        "\u65e5\u672c",
        "\ud83d\ude00",
        "\n\t\\N",
        "\u007f\u0080\u07ff\u0800\uffff",
    };

    private final Random random;
    private Lsn position = new Lsn(0x1_0000_0000L);

    RandomEvents(long seed) {
        random = new Random(seed);
    }

    /** Where the last transaction ended. */
    Lsn position() {
        return position;
    }

    static List<SourceEvent> transactions(long seed, int count) {
        RandomEvents events = new RandomEvents(seed);
        List<SourceEvent> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.addAll(events.transaction());
        }
        return all;
    }

    List<SourceEvent> transaction() {
        List<SourceEvent> events = new ArrayList<>();
        events.add(begin());
        int changes = random.nextInt(random.nextInt(20) == 0 ? 2000 : 8);
        for (int i = 0; i < changes; i++) {
            events.add(random.nextInt(30) == 0 ? marker() : change());
        }
        if (random.nextInt(50) == 0) {
            events.add(new SourceEvent.Abandoned());
        } else {
            events.add(commit(changes));
        }
        return events;
    }

    SourceEvent begin() {
        return new SourceEvent.Begin(String.valueOf(random.nextInt(1 << 30)), position);
    }

    SourceEvent commit(long changes) {
        position = new Lsn(position.value() + 1 + random.nextInt(10_000));
        return new SourceEvent.Commit(
                position, Instant.ofEpochSecond(random.nextLong(1L << 33), 123_456_000), changes);
    }

    private SourceEvent marker() {
        if (random.nextInt(4) == 0) {
            return new SourceEvent.TableEnd(
                    new TableId("shop", "orders"), "SOURCE_DDL", "ALTER TABLE " + text());
        }
        return new SourceEvent.Marker("landbridge", text());
    }

    Change change() {
        TableLayout layout = layout(random.nextInt(40));
        return switch (random.nextInt(9)) {
            case 0 -> new Change(layout, Operation.TRUNCATE, null, null);
            case 1, 2 -> new Change(layout, Operation.DELETE, image(layout), null);
            case 3, 4 -> new Change(layout, Operation.UPDATE, null, image(layout));
            case 5 -> new Change(layout, Operation.UPDATE, image(layout), image(layout));
            default -> new Change(layout, Operation.INSERT, null, image(layout));
        };
    }

    private static TableLayout layout(int number) {
        List<String> columns =
                IntStream.rangeClosed(0, number % 7).mapToObj(i -> "c\u00f6l " + i).toList();
        return new TableLayout(
                new TableId("s", "table " + number),
                columns,
                number % 3 == 0 ? List.of() : List.of(0));
    }

    private RowImage image(TableLayout layout) {
        String[] values = new String[layout.columns().size()];
        for (int i = 0; i < values.length; i++) {
            values[i] =
                    switch (random.nextInt(6)) {
                        case 0 -> null;
                        case 1 -> RowImage.unchanged();
                        default -> text();
                    };
        }
        return RowImage.of(values);
    }

    private String text() {
        return switch (random.nextInt(1500)) {
            case 0 -> TEXTS[random.nextInt(TEXTS.length)].repeat(random.nextInt(40_000));
            case 1 -> "x".repeat(random.nextInt(400_000));
            default ->
                    random.nextInt(4) == 0
                            ? TEXTS[random.nextInt(TEXTS.length)]
                            : Long.toString(random.nextLong(), 36);
        };
    }

    static SourcePosition start() {
        return new Lsn(0x1_0000_0000L);
    }
}
