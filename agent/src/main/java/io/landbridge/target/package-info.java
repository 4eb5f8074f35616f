/** What is particular to the target database: state kept beside the rows, writing, rendering. */
package io.landbridge.target;
