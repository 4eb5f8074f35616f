/** The agent is killed again and again; nothing may be lost or doubled. */
package io.landbridge.kill;
