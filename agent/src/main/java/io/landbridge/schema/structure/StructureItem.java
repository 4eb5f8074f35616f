package io.landbridge.schema.structure;

import io.landbridge.change.TableId;

/**
 * One thing that a table has.
 *
 * @param name what tells it from others of its aspect: a column, a role; of constraints and
 *     indexes, which may be called otherwise on the other side, their definition
 * @param definition what must be the same on both sides; as PostgreSQL spells it
 */
public record StructureItem(TableId table, Aspect aspect, String name, String definition) {}
