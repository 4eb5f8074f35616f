package io.landbridge.schema;

import io.landbridge.change.TableId;
import java.util.Optional;

/**
 * One statement for the target's schema, made by whoever knows the source's dialect.
 *
 * @param kind what it makes, and so when it runs
 * @param early whether it makes a key by which the applier finds rows: it then runs before other
 *     indexes
 * @param object its name as SQL spells it, for probing, for undoing and for people
 * @param table the table it is for, at the target; it is left out where that table was there before
 *     us. Empty when it stands by itself
 * @param sql one or more statements, separated by semicolons
 */
public record TargetStatement(
        DdlKind kind, boolean early, String object, Optional<TableId> table, String sql) {}
