package io.landbridge.schema.mysql.digest;

import io.landbridge.schema.digest.ComparedTable;
import io.landbridge.schema.digest.RowCursor;
import io.landbridge.schema.digest.RowDigest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Rows of MySQL in the order of their key hashes. Columns of the answer: the row's hash, NULL where
 * MySQL can't tell it; the key's hash and the key, where there is one; the words of a row without
 * hash.
 *
 * <p>Where a table has no key, rows are ordered by their own hash: those without one come first,
 * and their hashes are kept in memory to be dealt in.
 */
final class MysqlRowCursor implements RowCursor {

    private final ComparedTable table;
    private final SnapshotSession session;
    private final SnapshotSession.Rows rows;
    private final LocalHash hash;
    private final Predicate<String> wanted;
    private final int words;

    /** Rows of a table without a key that were hashed here, in order. */
    private final Deque<String> respelled;

    /** The row that {@link #rows} stands at; null at the end. */
    private RowDigest head;

    MysqlRowCursor(
            ComparedTable table,
            SnapshotSession session,
            SnapshotSession.Rows rows,
            LocalHash hash,
            Predicate<String> wanted) {
        this.table = table;
        this.session = session;
        this.rows = rows;
        this.hash = hash;
        this.wanted = wanted;
        this.words = table.hasKey() ? 3 + table.key().size() : 2;
        this.respelled = table.hasKey() ? new ArrayDeque<>() : hashedHere();
    }

    private Deque<String> hashedHere() {
        List<String> hashes = new ArrayList<>();
        try {
            boolean more = rows.next();
            for (; more && rows.row().getString(1) == null; more = rows.next()) {
                hashes.add(hash.of(rows.row(), words));
            }
            head = more ? keyless(rows.row().getString(1)) : null;
        } catch (SQLException e) {
            throw session.fault(table.id(), e);
        }
        hashes.removeIf(wanted.negate());
        hashes.sort(Comparator.naturalOrder());
        return new ArrayDeque<>(hashes);
    }

    private static RowDigest keyless(String hash) {
        return new RowDigest(hash, hash, List.of());
    }

    @Override
    public Optional<RowDigest> next() {
        try {
            return table.hasKey() ? nextOfKeyed() : nextOfKeyless();
        } catch (SQLException e) {
            throw session.fault(table.id(), e);
        }
    }

    private Optional<RowDigest> nextOfKeyed() throws SQLException {
        while (rows.next()) {
            ResultSet row = rows.row();
            String m = row.getString(1);
            String rowHash = m == null ? hash.of(row, words) : m;
            if (m != null || wanted.test(rowHash)) {
                List<String> key = new ArrayList<>(table.key().size());
                for (int i = 0; i < table.key().size(); i++) {
                    key.add(row.getString(3 + i));
                }
                return Optional.of(new RowDigest(row.getString(2), rowHash, key));
            }
        }
        return Optional.empty();
    }

    private Optional<RowDigest> nextOfKeyless() throws SQLException {
        boolean here =
                !respelled.isEmpty()
                        && (head == null || respelled.peek().compareTo(head.rowHash()) <= 0);
        if (here) {
            return Optional.of(keyless(respelled.remove()));
        }
        Optional<RowDigest> next = Optional.ofNullable(head);
        if (head != null) {
            head = rows.next() ? keyless(rows.row().getString(1)) : null;
        }
        return next;
    }

    @Override
    public void close() {
        rows.close();
    }
}
