package io.landbridge.dms;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.landbridge.change.TableId;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Which tables a replication task moves, in DMS's JSON.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Tasks.CustomizingTasks.TableMapping.SelectionTransformation.Selections.html">
 *     Selection rules and actions</a>
 */
public final class TableMappings {

    private static final ObjectMapper JSON = new ObjectMapper();

    private TableMappings() {}

    /** Exactly {@code tables}; DMS takes {@code %}, {@code _} and brackets for wildcards. */
    public static String of(Collection<TableId> tables) {
        ObjectNode mappings = JSON.createObjectNode();
        ArrayNode rules = mappings.putArray("rules");
        int number = 0;
        for (TableId table : tables) {
            String id = String.valueOf(++number);
            ObjectNode rule =
                    rules.addObject()
                            .put("rule-type", "selection")
                            .put("rule-id", id)
                            .put("rule-name", id)
                            .put("rule-action", "include");
            rule.putObject("object-locator")
                    .put("schema-name", literally(table.schema()))
                    .put("table-name", literally(table.name()));
        }
        return mappings.toString();
    }

    private static String literally(String name) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            text.append("%_[".indexOf(c) < 0 ? String.valueOf(c) : "[" + c + "]");
        }
        return text.toString();
    }

    /**
     * Those of {@code tables} that no rule of {@code mappings} selects, or that one excludes.
     *
     * @throws Fault DMS_TASK when it is not understood
     */
    static List<TableId> missing(String mappings, Collection<TableId> tables) {
        JsonNode rules = read(mappings).path("rules");
        return tables.stream().filter(table -> !isSelected(rules, table)).toList();
    }

    private static boolean isSelected(JsonNode rules, TableId table) {
        boolean included = false;
        for (JsonNode rule : rules) {
            JsonNode place = rule.path("object-locator");
            if (rule.path("rule-type").asText().equals("selection")
                    && fits(place.path("schema-name").asText(), table.schema())
                    && fits(place.path("table-name").asText(), table.name())) {
                if (rule.path("rule-action").asText().equals("exclude")) {
                    return false;
                }
                included = true;
            }
        }
        return included;
    }

    private static boolean fits(String pattern, String name) {
        StringBuilder regex = new StringBuilder();
        int end;
        for (int at = 0; at < pattern.length(); at = end) {
            char c = pattern.charAt(at);
            int closing = c == '[' ? pattern.indexOf(']', at) : -1;
            end = closing < 0 ? at + 1 : closing + 1;
            if (closing >= 0) {
                regex.append(pattern, at, end);
            } else if (c == '%') {
                regex.append(".*");
            } else {
                regex.append(c == '_' ? "." : Pattern.quote(String.valueOf(c)));
            }
        }
        try {
            return Pattern.compile(regex.toString(), Pattern.DOTALL).matcher(name).matches();
        } catch (PatternSyntaxException e) {
            return pattern.equals(name);
        }
    }

    private static JsonNode read(String mappings) {
        try {
            return JSON.readTree(mappings);
        } catch (JsonProcessingException e) {
            throw Fault.of(
                            FaultCode.DMS_TASK,
                            "the task's table mappings are no JSON: " + e.getOriginalMessage(),
                            e)
                    .hint("mend the task's table mappings, then 'landbridge resume'");
        }
    }
}
