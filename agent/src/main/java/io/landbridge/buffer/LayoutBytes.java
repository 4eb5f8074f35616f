package io.landbridge.buffer;

import io.landbridge.change.TableId;
import io.landbridge.change.TableLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Table layouts as bytes. */
public final class LayoutBytes {

    private LayoutBytes() {}

    /** All of {@code layouts}, in their order. */
    public static byte[] of(List<TableLayout> layouts) {
        ByteSink out = new ByteSink(256);
        out.putInt(layouts.size());
        layouts.forEach(layout -> put(layout, out));
        return Arrays.copyOf(out.array(), out.size());
    }

    /** Reads {@link #of} back. */
    public static List<TableLayout> read(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        List<TableLayout> layouts = new ArrayList<>();
        for (int left = in.getInt(); left > 0; left--) {
            layouts.add(take(in));
        }
        return layouts;
    }

    static void put(TableLayout layout, ByteSink out) {
        putText(out, layout.table().schema());
        putText(out, layout.table().name());
        out.putInt(layout.columns().size());
        layout.columns().forEach(column -> putText(out, column));
        out.putInt(layout.key().size());
        layout.key().forEach(out::putInt);
    }

    static TableLayout take(ByteBuffer in) {
        TableId table = new TableId(takeText(in), takeText(in));
        List<String> columns = new ArrayList<>();
        for (int left = in.getInt(); left > 0; left--) {
            columns.add(takeText(in));
        }
        List<Integer> key = new ArrayList<>();
        for (int left = in.getInt(); left > 0; left--) {
            key.add(in.getInt());
        }
        return new TableLayout(table, columns, key);
    }

    private static void putText(ByteSink out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.putInt(bytes.length);
        out.putBytes(bytes);
    }

    private static String takeText(ByteBuffer in) {
        byte[] bytes = new byte[in.getInt()];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
