/**
 * What the databases hold: tables, columns, keys, sequences; and the DDL that makes the target so.
 */
package io.landbridge.schema;
