/** The transport on Kafka: each stream's changes in a topic of its own. */
package io.landbridge.kafka;
