/** Values on the way back: PostgreSQL's text of a value as MySQL's literal of the same value. */
package io.landbridge.schema.mysql.back;
