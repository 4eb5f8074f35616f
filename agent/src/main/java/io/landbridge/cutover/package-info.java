/** Fence, drain, sequences, switch, and the way back. */
package io.landbridge.cutover;
