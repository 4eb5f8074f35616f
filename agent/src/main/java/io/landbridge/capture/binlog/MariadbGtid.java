package io.landbridge.capture.binlog;

/**
 * The event that opens everything in MariaDB's log, in the place of MySQL's GTID and of BEGIN: a
 * sequence number, a domain and flags.
 *
 * @see <a href="https://mariadb.com/kb/en/gtid_event/">GTID_EVENT</a>
 */
final class MariadbGtid {

    private static final int FLAGS = 8 + 4;

    /** The next event is a statement that stands alone. */
    private static final int STANDALONE = 1;

    private MariadbGtid() {}

    /** Whether events follow up to a commit; else there is one statement. */
    static boolean opensTransaction(byte[] event) {
        return (event[FLAGS] & STANDALONE) == 0;
    }
}
