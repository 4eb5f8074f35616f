package io.landbridge.example;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** ENUM and SET: the two forms that they can take, and that order and odd labels survive. */
@Command(name = "enums", mixinStandardHelpOptions = true)
final class EnumsExample implements Callable<Integer> {

    private static final String SORTED = "SELECT id, state, priority FROM ticket ORDER BY %s, id";

    @Override
    public Integer call() throws Exception {
        try (Stage stage = new Stage("enums")) {
            stage.source()
                    .execute(
                            "CREATE TABLE ticket (id int AUTO_INCREMENT PRIMARY KEY, state"
                                    + " enum('open', 'in work, late', 'won''t do', 'erledigt ✓')"
                                    + " NOT NULL DEFAULT 'open', priority enum('low', 'high',"
                                    + " 'at once'), channel enum('mail', 'phone'), labels"
                                    + " set('bug', 'ui', 'db') NOT NULL)",
                            "INSERT INTO ticket (state, priority, channel, labels) VALUES"
                                    + " ('open', 'low', 'mail', ''), ('in work, late', 'at once',"
                                    + " 'phone', 'bug,db'), ('won''t do', NULL, NULL, 'ui'),"
                                    + " ('erledigt ✓', 'high', 'mail', 'bug,ui,db')");
            stage.say("the DDL with enums: text");
            stage.with("ENUMS", "text").landbridge("schema");
            stage.say("the DDL with enums: type, which is what we take");
            stage.with("ENUMS", "type").landbridge("schema");
            stage.landbridge("migrate", "--until", "loaded");
            List<String> before = stage.source().rows(SORTED.formatted("priority"));
            List<String> after = stage.target().rows(SORTED.formatted("priority NULLS FIRST"));
            stage.say("sorted by priority, MySQL:      " + before);
            stage.say("sorted by priority, PostgreSQL: " + after);
            boolean equal =
                    stage.compare(
                            "ticket",
                            "CONCAT_WS('|', id, state, COALESCE(priority, '~'),"
                                    + " COALESCE(channel, '~'), labels)",
                            "concat_ws('|', id, state, coalesce(priority::text, '~'),"
                                    + " coalesce(channel, '~'), array_to_string(labels, ','))");
            return equal && before.equals(after) ? 0 : 5;
        }
    }
}
