package io.landbridge.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import io.landbridge.testkit.PlayedDms.Counted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Moves rows as DMS does, by PostgreSQL's own logical replication: a subscription at the target.
 */
public final class PlayedByPostgres implements PlayedDms.Rows {

    private final TestDatabase source;
    private final TestDatabase target;
    private final String name;
    private List<String> tables = List.of();

    public PlayedByPostgres(TestDatabase source, TestDatabase target) {
        this.source = source;
        this.target = target;
        this.name = "played_" + source.name();
    }

    @Override
    public synchronized void start(JsonNode mappings) {
        if (tables.isEmpty()) {
            List<String> moving = tables(mappings);
            String all = String.join(", ", moving);
            source.execute("CREATE PUBLICATION " + name + " FOR TABLE " + all);
            // As TRUNCATE_BEFORE_LOAD has it.
            target.execute("TRUNCATE " + all);
            target.execute(
                    "CREATE SUBSCRIPTION "
                            + name
                            + " CONNECTION 'host=127.0.0.1 port="
                            + source.server().port()
                            + " user="
                            + source.server().user()
                            + " password=''"
                            + source.server().password()
                            + "'' dbname="
                            + source.name()
                            + "' PUBLICATION "
                            + name);
            tables = moving;
        } else {
            target.execute("ALTER SUBSCRIPTION " + name + " ENABLE");
        }
    }

    private static List<String> tables(JsonNode mappings) {
        List<String> tables = new ArrayList<>();
        for (JsonNode rule : mappings.path("rules")) {
            JsonNode place = rule.path("object-locator");
            tables.add(
                    literal(place.path("schema-name")) + "." + literal(place.path("table-name")));
        }
        return tables;
    }

    private static String literal(JsonNode pattern) {
        return pattern.asText().replace("[_]", "_");
    }

    @Override
    public synchronized void stop() {
        if (tables.isEmpty()) {
            return;
        }
        target.execute("ALTER SUBSCRIPTION " + name + " DISABLE");
        Await.until(
                "the subscription's workers have ended",
                Duration.ofMinutes(1),
                () ->
                        target.value(
                                        "SELECT count(*) FROM pg_stat_subscription WHERE subname = '"
                                                + name
                                                + "' AND pid IS NOT NULL")
                                .equals("0"));
    }

    @Override
    public synchronized void remove() {
        if (!tables.isEmpty()) {
            target.execute("DROP SUBSCRIPTION " + name);
            source.execute("DROP PUBLICATION " + name);
            tables = List.of();
        }
    }

    @Override
    public synchronized int loadedPercent() {
        List<Counted> counted = counted();
        return counted.isEmpty()
                ? 0
                : 100
                        * (int)
                                counted.stream()
                                        .filter(one -> one.state().equals("Table completed"))
                                        .count()
                        / counted.size();
    }

    @Override
    public synchronized List<Counted> counted() {
        if (tables.isEmpty()) {
            return List.of();
        }
        return target
                .rows(
                        "SELECT n.nspname || ' ' || c.relname || ' ' || srsubstate::text FROM"
                                + " pg_subscription_rel r JOIN pg_subscription s ON s.oid = srsubid"
                                + " JOIN pg_class c ON c.oid = srrelid JOIN pg_namespace n ON"
                                + " n.oid = relnamespace WHERE subname = '"
                                + name
                                + "' ORDER BY 1")
                .stream()
                .map(line -> line.split(" "))
                .map(part -> new Counted(part[0], part[1], state(part[2]), 0))
                .toList();
    }

    private static String state(String replicated) {
        return switch (replicated) {
            case "i" -> "Before load";
            case "d", "f" -> "Full load";
            default -> "Table completed";
        };
    }
}
