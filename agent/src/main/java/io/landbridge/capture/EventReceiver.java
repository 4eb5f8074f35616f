package io.landbridge.capture;

import com.github.shyiko.mysql.binlog.event.Event;

/** What a session does with what it receives of MySQL's log; called on one thread at a time. */
public interface EventReceiver {

    /** Takes one event, whose rows are bytes still. */
    void event(Event event) throws InterruptedException;
}
