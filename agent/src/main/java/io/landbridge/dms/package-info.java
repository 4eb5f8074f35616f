/** AWS DMS as the mover of rows: its replication task, and the marker rows that travel with it. */
package io.landbridge.dms;
