package io.landbridge.assess;

import java.sql.SQLException;

/** One subject of the assessment. */
@FunctionalInterface
interface Check {

    /** Looks, and says what it found; an SQL error ends only this check. */
    void run(Subject subject, Findings findings) throws SQLException;
}
