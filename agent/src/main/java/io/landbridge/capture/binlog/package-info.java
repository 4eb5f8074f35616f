/** Reads MySQL's binary log: row images, values, statements; and follows it into the buffer. */
package io.landbridge.capture.binlog;
