/** A MySQL database as PostgreSQL shall have it: its catalogue, the type mapping, the DDL. */
package io.landbridge.schema.mysql;
