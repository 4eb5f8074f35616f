package io.landbridge.schema;

import io.landbridge.config.SchemaConfig;
import io.landbridge.config.TablesConfig;
import io.landbridge.jdbc.Database;
import java.util.List;

/** A PostgreSQL database's schema, which becomes the target's as it is. */
final class PostgresSchemaOrigin implements SchemaOrigin {

    private final Database source;
    private final SchemaConfig config;
    private final TablesConfig wanted;

    PostgresSchemaOrigin(Database source, SchemaConfig config, TablesConfig wanted) {
        this.source = source;
        this.config = config;
        this.wanted = wanted;
    }

    @Override
    public List<Table> tables() {
        return PostgresCatalogue.read(source, wanted);
    }

    @Override
    public SchemaScript script() {
        return new SchemaScript(SourceDdl.read(source, config, new TablePatterns(wanted)));
    }
}
