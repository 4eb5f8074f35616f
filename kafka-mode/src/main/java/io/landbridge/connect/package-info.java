/**
 * What runs inside Kafka Connect: Debezium's connectors, whose tasks hand the source's log on as it
 * is. Built into a jar of its own, together with the classes that stand in for Debezium's.
 */
package io.landbridge.connect;
