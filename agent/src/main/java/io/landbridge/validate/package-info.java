/** Exact comparison of both sides at one source position. */
package io.landbridge.validate;
