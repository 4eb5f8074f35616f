/**
 * The agent as a library: {@link io.landbridge.Migration}. What it gives and takes beside its own
 * types, a test lists; everything else may change from one version to the next.
 */
package io.landbridge;
