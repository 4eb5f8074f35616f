/** Where we are: source positions, and progress that commits with the rows it stands for. */
package io.landbridge.offsets;
