/** Long tests of size, started with {@code scripts/dev soak}: the agent as a process of its own. */
package io.landbridge.soak;
