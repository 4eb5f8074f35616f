/**
 * Real servers, an independent comparison, waiting and broken networks: what every IT builds on.
 */
package io.landbridge.testkit;
