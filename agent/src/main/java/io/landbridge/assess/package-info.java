/** Findings before a row moves. */
package io.landbridge.assess;
