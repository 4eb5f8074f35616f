package io.landbridge.assess;

import io.landbridge.config.Configuration;
import io.landbridge.schema.mysql.MappedTable;
import io.landbridge.schema.mysql.MysqlTable;
import java.util.List;

/**
 * What is assessed.
 *
 * @param tables the tables that would move
 * @param mapped what they would become; empty when that can't be said
 */
record MysqlSubject(
        Configuration configuration,
        MysqlInquiry source,
        List<MysqlTable> tables,
        List<MappedTable> mapped) {}
