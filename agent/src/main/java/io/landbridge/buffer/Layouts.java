package io.landbridge.buffer;

import io.landbridge.change.TableLayout;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.CRC32C;

/**
 * The dictionary of table layouts: changes name theirs by number. A file beside the segments, only
 * ever appended to: {@code length, crc32c, layout}, one record after the other; each is on disk
 * before the first excerpt that needs it.
 *
 * <p>{@link #idOf} belongs to the appending thread; {@link #byId} is for all.
 */
final class Layouts implements AutoCloseable {

    private static final int RECORD_HEADER = 8;
    private static final int MOST_INSTANCES = 10_000;

    private final Path file;
    private final FileChannel channel;
    private final List<TableLayout> all = new CopyOnWriteArrayList<>();
    private final Map<TableLayout, Integer> ids = new HashMap<>();

    /** Spares the look-up by value: capture gives the same instance again and again. */
    private final IdentityHashMap<TableLayout, Integer> instances = new IdentityHashMap<>();

    private Layouts(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Reads the dictionary; a record cut short at its end was never used and is dropped.
     *
     * @param expected how many layouts are known to have been used
     * @throws Fault BUFFER_GAP when fewer can be read
     */
    static Layouts open(Path file, long expected) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        Layouts layouts = new Layouts(file, channel);
        try {
            layouts.readAll();
            if (layouts.all.size() < expected) {
                throw Gap.layouts(file, layouts.all.size(), expected);
            }
            return layouts;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private void readAll() throws IOException {
        ByteBuffer content = ByteBuffer.allocate(Math.toIntExact(channel.size()));
        while (content.hasRemaining() && channel.read(content) >= 0) {
            // until it is whole
        }
        content.flip();
        int good = 0;
        while (content.remaining() >= RECORD_HEADER) {
            int length = content.getInt();
            int crc = content.getInt();
            if (length <= 0 || length > content.remaining()) {
                break;
            }
            byte[] record = new byte[length];
            content.get(record);
            if (crcOf(record, length) != crc) {
                break;
            }
            remember(LayoutBytes.take(ByteBuffer.wrap(record)));
            good = content.position();
        }
        channel.truncate(good);
        channel.position(good);
    }

    int size() {
        return all.size();
    }

    /** The layout's number; a new layout is on disk when this returns. */
    int idOf(TableLayout layout) {
        Integer known = instances.get(layout);
        if (known != null) {
            return known;
        }
        if (instances.size() >= MOST_INSTANCES) {
            instances.clear();
        }
        Integer equal = ids.get(layout);
        if (equal == null) {
            write(layout);
            equal = remember(layout);
        }
        instances.put(layout, equal);
        return equal;
    }

    /**
     * The layout with that number.
     *
     * @throws Fault BUFFER_GAP when the dictionary has none
     */
    TableLayout byId(int id) {
        if (id < 0 || id >= all.size()) {
            throw Gap.layout(file, id);
        }
        return all.get(id);
    }

    private int remember(TableLayout layout) {
        all.add(layout);
        ids.put(layout, all.size() - 1);
        return all.size() - 1;
    }

    private void write(TableLayout layout) {
        ByteSink record = new ByteSink(256);
        record.putLong(0);
        LayoutBytes.put(layout, record);
        int length = record.size() - RECORD_HEADER;
        ByteBuffer bytes = ByteBuffer.wrap(record.array(), 0, record.size());
        bytes.putInt(0, length);
        byte[] content = new byte[length];
        bytes.get(RECORD_HEADER, content);
        bytes.putInt(4, crcOf(content, length));
        try {
            long start = channel.position();
            try {
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            } catch (IOException e) {
                channel.truncate(start);
                throw e;
            }
        } catch (IOException e) {
            throw Fault.of(FaultCode.BUFFER_IO, "cannot write " + file, e)
                    .hint("check the disk of the buffer's directory: space, rights, health");
        }
    }

    private static int crcOf(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
