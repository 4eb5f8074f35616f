package io.landbridge.schema;

/**
 * One object's DDL, as pg_dump or our own reading of the catalogue gives it.
 *
 * @param self the object at the source; {@link ObjectAddress#NONE} when nothing can depend on it
 * @param parent the object without which this one makes no sense: a table's index goes with its
 *     table; {@link ObjectAddress#NONE} when it stands by itself
 * @param object its name as SQL spells it, for probing, for undoing and for people
 * @param index OID of the index behind it at the source; 0 when there is none
 * @param sql one or more statements, separated by semicolons
 * @param undo what takes it away again; empty when something else's undo does
 */
record DdlStatement(
        DdlKind kind,
        DdlStage stage,
        ObjectAddress self,
        ObjectAddress parent,
        String object,
        long index,
        String sql,
        String undo) {

    DdlStatement in(DdlStage other) {
        return new DdlStatement(kind, other, self, parent, object, index, sql, undo);
    }

    DdlStatement saying(String other) {
        return new DdlStatement(kind, stage, self, parent, object, index, other, undo);
    }
}
