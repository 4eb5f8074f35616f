/**
 * What the classes that stand in for Debezium's need, and nothing else: it runs in the agent, and
 * in the plug-in for Kafka Connect.
 */
package io.landbridge.capture.handover;
