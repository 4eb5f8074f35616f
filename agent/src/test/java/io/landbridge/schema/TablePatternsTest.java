package io.landbridge.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landbridge.change.TableId;
import io.landbridge.config.TablesConfig;
import io.landbridge.fault.Fault;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TablePatternsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    *.*                | public  | orders   | true
                    public.*           | public  | orders   | true
                    public.*           | Public  | orders   | false
                    public.order?      | public  | orders   | true
                    public.order?      | public  | order    | false
                    public.orders      | publicX | orders   | false
                    *.orders           | a.b     | orders   | true
                    "a.b".*            | a.b     | orders   | true
                    a.b.*              | a       | b.orders | true
                    public."*"         | public  | *        | true
                    public."*"         | public  | orders   | false
                    public."x "" y"    | public  | x " y    | true
                    public.a+(b        | public  | a+(b     | true
                    """)
    void fitsAsAnOperatorExpects(String pattern, String schema, String name, boolean fits) {
        TablePatterns patterns = new TablePatterns(new TablesConfig(List.of(pattern), List.of()));

        assertThat(patterns.fits(new TableId(schema, name))).isEqualTo(fits);
    }

    @Test
    void excludeWinsOverInclude() {
        TablePatterns patterns =
                new TablePatterns(new TablesConfig(List.of("public.*"), List.of("*.tmp_*")));

        assertThat(patterns.fits(new TableId("public", "orders"))).isTrue();
        assertThat(patterns.fits(new TableId("public", "tmp_orders"))).isFalse();
    }

    @Test
    void namesPatternsThatSelectNothing() {
        TablePatterns patterns =
                new TablePatterns(new TablesConfig(List.of("public.*", "pulbic.*"), List.of()));

        assertThat(patterns.idle(List.of(new TableId("public", "orders"))))
                .containsExactly("pulbic.*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"orders", "", ".", "public.", ".orders", "\"public.orders"})
    void refusesWhatIsNoPattern(String pattern) {
        assertThatThrownBy(() -> new TablePatterns(new TablesConfig(List.of(pattern), List.of())))
                .isInstanceOf(Fault.class)
                .hasMessageContaining(pattern);
    }
}
