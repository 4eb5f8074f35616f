/**
 * What a user configures: checked records, loading with every problem reported at once, secrets.
 */
package io.landbridge.config;
