/** The nouns: what changed, in which table, under which key, in which source transaction. */
package io.landbridge.change;
