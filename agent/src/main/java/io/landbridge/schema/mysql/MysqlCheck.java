package io.landbridge.schema.mysql;

/**
 * A CHECK constraint.
 *
 * @param name unique in its database
 * @param clause in MySQL's words
 * @param enforced whether MySQL holds rows against it
 */
public record MysqlCheck(String name, String clause, boolean enforced) {}
