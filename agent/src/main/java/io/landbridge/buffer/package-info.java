/** Events on disk between capture and apply. Chronicle stays in this room. */
package io.landbridge.buffer;
