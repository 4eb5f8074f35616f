/**
 * MySQL's side of a comparison: tables in a snapshot of several sessions, hashed by MySQL over the
 * same texts that PostgreSQL makes of its own values.
 */
package io.landbridge.schema.mysql.digest;
