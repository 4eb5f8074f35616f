/** The controller: phases, their persisted state, the status everyone else reads. */
package io.landbridge.phase;
