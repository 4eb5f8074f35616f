/**
 * {@code scripts/examples}: what a migration from MySQL looks like, on servers that start for it.
 */
package io.landbridge.example;
