package io.landbridge.schema;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The table of contents of an archive in pg_dump's custom format. Unlike its SQL it says without
 * any parsing which object a definition is for.
 *
 * @param server version of the server that was dumped
 * @param program version of pg_dump
 * @see <a
 *     href="https://github.com/postgres/postgres/blob/REL_17_STABLE/src/bin/pg_dump/pg_backup_archiver.c">
 *     ReadHead and ReadToc</a>
 */
record DumpArchive(String server, String program, List<Entry> entries) {

    private static final String MAGIC = "PGDMP";
    private static final int OLDEST = version(1, 12);
    private static final int NEWEST = version(1, 16);
    private static final int CUSTOM_FORMAT = 1;
    private static final int SECONDS_TO_YEARS = 7;

    /**
     * One object.
     *
     * @param address of the object; {@link ObjectAddress#NONE} for settings
     * @param kind pg_dump's word, such as {@code FK CONSTRAINT}
     * @param sql may be several statements, may be empty
     * @param drop what takes it away
     */
    record Entry(ObjectAddress address, String kind, String name, String sql, String drop) {}

    /**
     * Reads up to the end of the contents.
     *
     * @throws IOException when it is not such an archive, or one of a version that isn't known
     */
    static DumpArchive read(InputStream in) throws IOException {
        return new Reader(in).archive();
    }

    private static int version(int major, int minor) {
        return major << 8 | minor;
    }

    private static final class Reader {

        private final DataInputStream in;
        private int version;
        private int intBytes;
        private int offsetBytes;

        Reader(InputStream in) {
            this.in = new DataInputStream(in);
        }

        DumpArchive archive() throws IOException {
            if (!new String(in.readNBytes(MAGIC.length()), StandardCharsets.US_ASCII)
                    .equals(MAGIC)) {
                throw new IOException("pg_dump gave no archive");
            }
            version = version(in.readUnsignedByte(), in.readUnsignedByte());
            in.readUnsignedByte();
            if (version < OLDEST || version > NEWEST) {
                throw new IOException(
                        "pg_dump's archive has version %d.%d, known are 1.12 to 1.16"
                                .formatted(version >> 8, version & 0xff));
            }
            intBytes = in.readUnsignedByte();
            offsetBytes = in.readUnsignedByte();
            if (in.readUnsignedByte() != CUSTOM_FORMAT) {
                throw new IOException("pg_dump's archive is not in custom format");
            }
            if (version >= version(1, 15)) {
                in.readUnsignedByte();
            } else {
                number();
            }
            for (int i = 0; i < SECONDS_TO_YEARS; i++) {
                number();
            }
            text();
            String server = text();
            String program = text();
            int count = number();
            List<Entry> entries = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                entries.add(entry());
            }
            return new DumpArchive(server, program, List.copyOf(entries));
        }

        private Entry entry() throws IOException {
            number();
            number();
            long catalogue = Long.parseLong(text());
            long oid = Long.parseLong(text());
            String name = text();
            String kind = text();
            number();
            String sql = text();
            String drop = text();
            text();
            text();
            text();
            if (version >= version(1, 14)) {
                text();
            }
            if (version >= version(1, 16)) {
                number();
            }
            text();
            text();
            String dependency = text();
            while (!dependency.isEmpty()) {
                dependency = text();
            }
            in.readUnsignedByte();
            in.skipNBytes(offsetBytes);
            return new Entry(
                    catalogue == 0 ? ObjectAddress.NONE : new ObjectAddress(catalogue, oid),
                    kind,
                    name,
                    sql.strip(),
                    drop.strip());
        }

        /** A sign, then bytes from the lowest on. */
        private int number() throws IOException {
            boolean negative = in.readUnsignedByte() != 0;
            int value = 0;
            for (int i = 0; i < intBytes; i++) {
                value |= in.readUnsignedByte() << (8 * i);
            }
            return negative ? -value : value;
        }

        /** Empty for NULL, too. */
        private String text() throws IOException {
            int length = number();
            if (length <= 0) {
                return "";
            }
            byte[] bytes = in.readNBytes(length);
            if (bytes.length < length) {
                throw new IOException("pg_dump's archive ends too soon");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }
}
