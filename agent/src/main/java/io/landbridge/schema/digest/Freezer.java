package io.landbridge.schema.digest;

/** Brings a database's tables to a stand, for readers, while nobody writes to them. */
public interface Freezer {

    /**
     * Makes ready what takes time, so that those who have to wait for {@link Frost#now} wait less.
     */
    Frost prepare();

    /** What is ready to be frozen. */
    interface Frost extends AutoCloseable {

        /** The tables as they are now; takes over what was made ready. Once only. */
        FrozenTables now();

        /** Lets go what was made ready; nothing once {@link #now} has taken it over. */
        @Override
        void close();
    }
}
