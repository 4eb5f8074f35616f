/** Pages for people, each in one file that needs nothing else. */
package io.landbridge.report;
