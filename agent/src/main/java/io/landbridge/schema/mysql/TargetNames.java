package io.landbridge.schema.mysql;

import io.landbridge.change.TableId;
import io.landbridge.config.MappingConfig;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** What MySQL's names become: renamed, lower-cased, cut to what PostgreSQL can hold. */
final class TargetNames {

    /** PostgreSQL's NAMEDATALEN less one; MySQL allows 64 characters. */
    private static final int MOST_BYTES = 63;

    private static final int HASH_DIGITS = 8;

    private final MappingConfig config;

    TargetNames(MappingConfig config) {
        this.config = config;
    }

    /**
     * Where the table goes.
     *
     * @throws Fault CONFIG_INVALID when it is renamed to what isn't {@code schema.table}
     */
    TableId table(TableId source) {
        String renamed = config.tables().get(source.toString());
        if (renamed == null) {
            String schema = config.schemas().get(source.schema());
            return new TableId(
                    schema == null ? name(source.schema()) : schema, name(source.name()));
        }
        int dot = renamed.indexOf('.');
        if (dot < 1 || dot == renamed.length() - 1) {
            throw Fault.of(
                            FaultCode.CONFIG_INVALID,
                            "'" + renamed + "' under schema.mapping.tables is not SCHEMA.TABLE")
                    .in(source)
                    .hint("write '" + source + " = " + source + "'");
        }
        return new TableId(renamed.substring(0, dot), renamed.substring(dot + 1));
    }

    /** A schema's, a table's or a column's name. */
    String name(String source) {
        return fitted(config.lowerCase() ? source.toLowerCase(Locale.ROOT) : source);
    }

    /**
     * {@code name} if PostgreSQL can hold it, else its beginning and a hash of the whole, so that
     * two long names stay apart.
     */
    static String fitted(String name) {
        if (name.getBytes(StandardCharsets.UTF_8).length <= MOST_BYTES) {
            return name;
        }
        String hash = String.format("%0" + HASH_DIGITS + "x", name.hashCode());
        int end = name.length();
        while (name.substring(0, end).getBytes(StandardCharsets.UTF_8).length
                > MOST_BYTES - HASH_DIGITS - 1) {
            end = name.offsetByCodePoints(end, -1);
        }
        return name.substring(0, end) + '_' + hash;
    }
}
