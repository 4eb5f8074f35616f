/** Capture, buffer and applier, killed between any two steps. */
package io.landbridge.simulation;
