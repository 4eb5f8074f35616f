/** What is particular to a source database: its log, its snapshots, its fence. */
package io.landbridge.source;
