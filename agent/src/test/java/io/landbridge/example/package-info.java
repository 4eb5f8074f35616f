/**
 * {@code scripts/examples}: what a migration looks like, from MySQL or inside a program, on servers
 * that start for it.
 */
package io.landbridge.example;
