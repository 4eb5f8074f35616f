package io.landbridge.cutover;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.target.Documents;
import java.util.Optional;

/** The journal in the target, where an agent that is started anywhere finds it. */
public final class TargetJournal implements CutoverJournal {

    private static final String NAME = "cutover";

    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .addModules(new Jdk8Module(), new JavaTimeModule())
                    .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                    .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .build();

    private final Documents documents;
    private boolean created;

    public TargetJournal(Documents documents) {
        this.documents = documents;
    }

    @Override
    public Optional<CutoverRecord> read() {
        return documents.read(NAME).map(TargetJournal::parse);
    }

    private static CutoverRecord parse(String text) {
        try {
            CutoverRecord record = JSON.readValue(text, CutoverRecord.class);
            if (record.format() != CutoverRecord.FORMAT) {
                throw unreadable("it has format " + record.format(), null);
            }
            return record;
        } catch (JsonProcessingException e) {
            throw unreadable(e.getOriginalMessage(), e);
        }
    }

    private static Fault unreadable(String why, Throwable cause) {
        return Fault.of(
                        FaultCode.STATE_UNREADABLE,
                        "the cutover's journal can't be read: " + why,
                        cause)
                .hint("start the version of Landbridge that wrote it");
    }

    @Override
    public synchronized void write(CutoverRecord record) {
        if (!created) {
            documents.createTable();
            created = true;
        }
        try {
            documents.write(NAME, JSON.writeValueAsString(record));
        } catch (JsonProcessingException e) {
            throw Fault.of(FaultCode.INTERNAL, "the cutover's journal can't be written", e);
        }
    }
}
