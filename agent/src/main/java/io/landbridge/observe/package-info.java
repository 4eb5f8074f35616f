/** What is seen from outside: health, metrics, HTTP API, logs. */
package io.landbridge.observe;
