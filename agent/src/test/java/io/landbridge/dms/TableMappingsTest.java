package io.landbridge.dms;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.change.TableId;
import java.util.List;
import org.junit.jupiter.api.Test;

class TableMappingsTest {

    private static final TableId ORDERS = new TableId("shop", "orders");
    private static final TableId ITEMS = new TableId("shop", "order_items");
    private static final TableId LIKE_ITEMS = new TableId("shop", "orderXitems");
    private static final TableId ODD = new TableId("50%", "a[b]_c");

    @Test
    void whatIsMadeSelectsExactlyTheseTables() {
        String mappings = TableMappings.of(List.of(ORDERS, ITEMS, MarkerRow.TABLE));
        assertThat(mappings).contains("order[_]items", "dms[_]marker");
        assertThat(TableMappings.missing(mappings, List.of(ORDERS, ITEMS, MarkerRow.TABLE)))
                .isEmpty();
        assertThat(TableMappings.missing(mappings, List.of(LIKE_ITEMS, ODD)))
                .containsExactly(LIKE_ITEMS, ODD);
    }

    @Test
    void namesWithWildcardsAreMeantLiterally() {
        assertThat(TableMappings.of(List.of(ODD))).contains("50[%]", "a[[]b][_]c");
    }

    @Test
    void wildcardsAndExclusionsOfOthersAreUnderstood() {
        String mappings =
                """
                {"rules": [
                  {"rule-type": "selection", "rule-id": "1", "rule-name": "1", "rule-action": "include",
                   "object-locator": {"schema-name": "%", "table-name": "order%"}},
                  {"rule-type": "selection", "rule-id": "2", "rule-name": "2", "rule-action": "exclude",
                   "object-locator": {"schema-name": "shop", "table-name": "order_items"}}]}
                """;
        assertThat(
                        TableMappings.missing(
                                mappings, List.of(ORDERS, ITEMS, LIKE_ITEMS, MarkerRow.TABLE)))
                .containsExactly(ITEMS, LIKE_ITEMS, MarkerRow.TABLE);
    }
}
