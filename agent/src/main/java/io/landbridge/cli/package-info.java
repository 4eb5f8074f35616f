/** Commands, and the wiring of all rooms in plain constructors. */
package io.landbridge.cli;
