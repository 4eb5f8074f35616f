package io.landbridge.assess;

import java.sql.SQLException;

/** One subject of the assessment of a MySQL source. */
@FunctionalInterface
interface MysqlCheck {

    /** Looks, and says what it found; an SQL error ends only this check. */
    void run(MysqlSubject subject, Findings findings) throws SQLException;
}
