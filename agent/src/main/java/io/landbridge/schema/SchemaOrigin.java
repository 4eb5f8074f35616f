package io.landbridge.schema;

import java.util.List;

/**
 * What {@link TargetSchema} asks of the database that the schema comes from. Everything is said
 * under the target's names and in its types.
 */
public interface SchemaOrigin {

    /** The tables that the configuration chooses, as they are now. */
    List<Table> tables();

    /**
     * {@link #tables} again, once the target has all of them: types are then spelled as it spells
     * them.
     *
     * @param before what {@link #tables} gave
     */
    default List<Table> afterCreation(List<Table> before) {
        return before;
    }

    /**
     * All DDL for them and for what they need.
     *
     * @throws io.landbridge.fault.Fault SOURCE_DDL when it can't be read
     */
    SchemaScript script();
}
