package io.landbridge.assess;

import io.landbridge.schema.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Locale;

/** How much there is, and whether the disks that we can see hold it. */
final class SizeCheck implements Check {

    private static final String INDEXES =
            """
            select coalesce(sum(i.relpages), 0)::int8 * current_setting('block_size')::int8
            from pg_class i
            join pg_index x on x.indexrelid = i.oid
            join pg_class c on c.oid = x.indrelid
            join pg_namespace n on n.oid = c.relnamespace
            join unnest(?::text[], ?::text[]) as w (s, t) on n.nspname = w.s and c.relname = w.t
            """;

    @Override
    public void run(Subject subject, Findings findings) throws SQLException {
        long bytes = subject.tables().stream().mapToLong(Table::bytes).sum();
        long rows = subject.tables().stream().mapToLong(Table::estimatedRows).sum();
        long indexes = subject.source().number(INDEXES, subject.schemas(), subject.names());
        findings.note(
                FindingCode.SIZE,
                subject.tables().size() + " tables",
                "about "
                        + rows
                        + " rows, "
                        + human(bytes)
                        + ", and "
                        + human(indexes)
                        + " of indexes; a server does not tell how much its disk has left",
                subject.loads()
                        ? "see that the target's disk has "
                                + human(2 * bytes + indexes)
                                + " left: rows, their log, and indexes with their sorts"
                        : "");
        if (subject.streams()) {
            agentDisk(subject, findings);
        }
    }

    private static void agentDisk(Subject subject, Findings findings) {
        Path directory = existing(subject.configuration().transport().directory());
        try {
            long free = Files.getFileStore(directory).getUsableSpace();
            long wanted = subject.configuration().transport().maxBytes();
            if (free < wanted) {
                findings.warning(
                        FindingCode.AGENT_DISK,
                        directory.toString(),
                        human(free) + " are left there; the queue may grow to " + human(wanted),
                        "free space, put transport.directory elsewhere, or lower"
                                + " transport.max-size");
            }
        } catch (IOException e) {
            findings.warning(
                    FindingCode.AGENT_DISK,
                    directory.toString(),
                    "how much space is left there could not be read: " + e.getMessage(),
                    "see that it exists and may be written to");
        }
    }

    /** {@code wanted}, or the nearest directory above it that is there already. */
    static Path existing(Path wanted) {
        Path directory = wanted.toAbsolutePath();
        while (directory.getParent() != null && !Files.exists(directory)) {
            directory = directory.getParent();
        }
        return directory;
    }

    static String human(long bytes) {
        double value = bytes;
        for (String unit : new String[] {"B", "KiB", "MiB", "GiB"}) {
            if (value < 1024) {
                return String.format(
                        Locale.ROOT, unit.equals("B") ? "%.0f %s" : "%.1f %s", value, unit);
            }
            value /= 1024;
        }
        return String.format(Locale.ROOT, "%.1f TiB", value);
    }
}
