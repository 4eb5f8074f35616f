/** Events, turned into batches of net changes, written in parallel exactly once. */
package io.landbridge.apply;
