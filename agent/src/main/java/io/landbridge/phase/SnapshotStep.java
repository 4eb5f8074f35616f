package io.landbridge.phase;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.landbridge.change.TableId;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.schema.Sql;
import io.landbridge.schema.Table;
import io.landbridge.schema.TargetSchema;
import io.landbridge.schema.TargetSnapshot;
import io.landbridge.schema.TargetSnapshot.Contents;
import io.landbridge.target.Documents;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Saves what the target held before the migration, and gives it back. That it is saved is written
 * down once the file is safe; whoever comes after a crash before that saves it anew, with nothing
 * touched yet.
 */
final class SnapshotStep {

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotStep.class);
    private static final String NAME = "target-snapshot";

    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .addModules(new Jdk8Module(), new JavaTimeModule())
                    .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .build();

    private final Workplace work;
    private final Documents documents;
    private final TargetSnapshot snapshot;

    SnapshotStep(Workplace work) {
        this.work = work;
        Site site = work.site;
        this.documents = new Documents(site.target(), site.migration());
        this.snapshot =
                new TargetSnapshot(
                        site.target(),
                        site.config().rollback().snapshotDirectory(),
                        site.migration(),
                        site.config().schema().pgDump());
    }

    /** Saves it, where that is wanted and not done yet; a stop leaves it undone. */
    void take() throws InterruptedException {
        if (!work.site.config().rollback().targetSnapshot() || saved().isPresent()) {
            return;
        }
        if (TargetSchema.isBegun(work.site.target(), work.site.migration())) {
            LOG.warn(
                    "rollback.target-snapshot comes too late: the target's tables were touched"
                            + " already, nothing is saved");
            return;
        }
        work.requests.breakable(
                snapshot::cancel,
                () -> {
                    List<TableId> tables = work.schema().tables().stream().map(Table::id).toList();
                    snapshot.take(tables, work.site.config().tables()).ifPresent(this::note);
                });
    }

    private void note(Contents contents) {
        documents.createTable();
        try {
            documents.write(NAME, JSON.writeValueAsString(contents));
        } catch (JsonProcessingException e) {
            throw Fault.of(FaultCode.INTERNAL, "can't spell what was saved of the target", e);
        }
    }

    /** Takes the rows out of the tables that were saved, where the configuration says so. */
    void makeWay() {
        List<TableId> tables =
                work.site.config().replacesRows()
                        ? saved().map(Contents::tables).orElse(List.of())
                        : List.of();
        if (tables.isEmpty()) {
            return;
        }
        work.site
                .target()
                .inTransaction(
                        "removing the rows that were saved",
                        connection -> {
                            try (Statement statement = connection.createStatement()) {
                                return statement.execute(
                                        "TRUNCATE "
                                                + tables.stream()
                                                        .map(Sql::quote)
                                                        .collect(Collectors.joining(", ")));
                            }
                        });
        LOG.info("removed the rows of {} tables, which are saved", tables.size());
    }

    /** Gives the target's tables back what they were, where that was saved; repeatable. */
    Optional<Contents> restore() {
        Optional<Contents> saved = saved();
        saved.ifPresent(snapshot::restore);
        return saved;
    }

    /** Removes the file: the target holds what is in it. */
    void remove(Contents contents) {
        snapshot.remove(contents);
    }

    private Optional<Contents> saved() {
        return documents.read(NAME).map(SnapshotStep::parse);
    }

    private static Contents parse(String text) {
        try {
            return JSON.readValue(text, Contents.class);
        } catch (JsonProcessingException e) {
            throw Fault.of(
                            FaultCode.STATE_UNREADABLE,
                            "what was saved of the target can't be read: " + e.getOriginalMessage(),
                            e)
                    .hint("start the version of Landbridge that wrote it");
        }
    }
}
