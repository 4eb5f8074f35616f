/** {@code scripts/demo}: a whole migration of a shop that stays open. */
package io.landbridge.demo;
