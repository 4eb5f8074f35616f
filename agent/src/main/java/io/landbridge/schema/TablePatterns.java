package io.landbridge.schema;

import io.landbridge.change.TableId;
import io.landbridge.config.TablesConfig;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Which tables the section {@code tables} means. A pattern is {@code schema.table}; {@code *}
 * stands for any run of characters, {@code ?} for one, none of them across the dot between schema
 * and table. Case counts, since it does in the catalogue. A part with a dot or a star of its own is
 * written in double quotes, as in SQL: {@code "my.schema".*}.
 */
public final class TablePatterns {

    private final List<TablePattern> include;
    private final List<TablePattern> exclude;

    /**
     * @throws Fault CONFIG_INVALID when a pattern isn't one
     */
    public TablePatterns(TablesConfig config) {
        include = config.include().stream().map(TablePattern::parse).toList();
        exclude = config.exclude().stream().map(TablePattern::parse).toList();
    }

    public boolean fits(TableId table) {
        return isIncluded(table) && !isExcluded(table);
    }

    public boolean isIncluded(TableId table) {
        return include.stream().anyMatch(pattern -> pattern.fits(table));
    }

    public boolean isExcluded(TableId table) {
        return exclude.stream().anyMatch(pattern -> pattern.fits(table));
    }

    /** Patterns of {@code include} that fit none of {@code tables}: mistyped, most likely. */
    public List<String> idle(List<TableId> tables) {
        return include.stream()
                .filter(pattern -> tables.stream().noneMatch(pattern::fits))
                .map(TablePattern::text)
                .toList();
    }

    private record TablePattern(String text, Pattern schema, Pattern table) {

        boolean fits(TableId id) {
            return schema.matcher(id.schema()).matches() && table.matcher(id.name()).matches();
        }

        static TablePattern parse(String text) {
            StringBuilder regex = new StringBuilder();
            Pattern schema = null;
            boolean quoted = false;
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c == '"') {
                    if (quoted && i + 1 < text.length() && text.charAt(i + 1) == '"') {
                        regex.append('"');
                        i++;
                    } else {
                        quoted = !quoted;
                    }
                } else if (!quoted && c == '.' && schema == null) {
                    schema = compile(regex);
                    regex.setLength(0);
                } else if (!quoted && c == '*') {
                    regex.append(".*");
                } else if (!quoted && c == '?') {
                    regex.append('.');
                } else {
                    regex.append(Pattern.quote(String.valueOf(c)));
                }
            }
            if (quoted || schema == null || schema.pattern().isEmpty() || regex.isEmpty()) {
                throw Fault.of(
                                FaultCode.CONFIG_INVALID,
                                "'" + text + "' under tables is not a pattern schema.table")
                        .hint("write 'public.orders', 'public.*' or '*.orders'");
            }
            return new TablePattern(text, schema, compile(regex));
        }

        private static Pattern compile(CharSequence regex) {
            return Pattern.compile(regex.toString(), Pattern.DOTALL);
        }
    }
}
