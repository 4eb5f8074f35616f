/**
 * What the servers of MySQL's family call the same thing; one class for each of them. Whoever asks
 * such a server anything that they answer differently asks {@link
 * io.landbridge.jdbc.dialect.Dialect} for the words first.
 */
package io.landbridge.jdbc.dialect;
