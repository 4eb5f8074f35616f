/** Connections whose session renders every value exactly, and SQL errors told by SQLSTATE. */
package io.landbridge.jdbc;
