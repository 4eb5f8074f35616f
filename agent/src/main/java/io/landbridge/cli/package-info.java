/** Commands; what they run is {@link io.landbridge.Migration}. */
package io.landbridge.cli;
