/** What tables are made of, beside their rows: read on either side, and compared. */
package io.landbridge.schema.structure;
