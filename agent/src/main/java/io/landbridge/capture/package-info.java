/** The source log, turned into events. Debezium stays in this room. */
package io.landbridge.capture;
