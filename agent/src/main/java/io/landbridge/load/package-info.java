/** The parallel bulk load: key ranges, COPY piped to COPY, resumable in mid-table. */
package io.landbridge.load;
