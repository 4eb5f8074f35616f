/** One root exception: what happened, where, and what the person on call can do about it. */
package io.landbridge.fault;
