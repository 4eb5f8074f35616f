package io.landbridge.dms;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.target.Documents;
import java.util.Optional;

/**
 * Which replication task is this migration's, as it is written down at the target. Of a task that
 * is to be made, its name is there before DMS hears of it: an agent that was killed in between
 * finds it by that name, and nobody else's has it.
 *
 * @param identifier of a task that we make; empty for one that we were given
 * @param arn empty while it isn't known yet
 */
record TaskNote(String identifier, String arn) {

    private static final String NAME = "dms-task";
    private static final ObjectMapper JSON = new ObjectMapper();

    static TaskNote given(String arn) {
        return new TaskNote("", arn);
    }

    static TaskNote toBeMade(String identifier) {
        return new TaskNote(identifier, "");
    }

    TaskNote madeAs(String knownAs) {
        return new TaskNote(identifier, knownAs);
    }

    /** Whether the task is ours to remove. */
    @JsonIgnore
    boolean isOurs() {
        return !identifier.isEmpty();
    }

    static Optional<TaskNote> read(Documents documents) {
        return documents.read(NAME).filter(text -> !text.isEmpty()).map(TaskNote::parse);
    }

    void write(Documents documents) {
        documents.createTable();
        try {
            documents.write(NAME, JSON.writeValueAsString(this));
        } catch (JsonProcessingException e) {
            throw Fault.of(FaultCode.INTERNAL, "can't write a note of the DMS task", e);
        }
    }

    /** There is no task of this migration any more. */
    static void forget(Documents documents) {
        if (read(documents).isPresent()) {
            documents.write(NAME, "");
        }
    }

    private static TaskNote parse(String text) {
        try {
            return JSON.readValue(text, TaskNote.class);
        } catch (JsonProcessingException e) {
            throw Fault.of(FaultCode.STATE_UNREADABLE, "the note of the DMS task can't be read", e);
        }
    }
}
