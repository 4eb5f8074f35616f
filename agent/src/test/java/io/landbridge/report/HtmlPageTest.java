package io.landbridge.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HtmlPageTest {

    private static final String HOSTILE = "</td><script>alert('x')</script>\" onload=\"y & z";

    @Test
    void noTextFromOutsideBecomesMarkup() {
        String html =
                HtmlPage.titled(HOSTILE, HOSTILE)
                        .verdict(false, HOSTILE, HOSTILE)
                        .heading(HOSTILE)
                        .paragraph(HOSTILE)
                        .facts(Map.of(HOSTILE, HOSTILE))
                        .list(List.of(HOSTILE))
                        .table(List.of(HOSTILE), List.of(List.of(Cell.code(HOSTILE))))
                        .details(HOSTILE, inside -> inside.paragraph(HOSTILE))
                        .html();
        assertThat(html).doesNotContain("<script", "\" onload=", "alert('x')", "y & z");
        String escaped =
                "&lt;/td&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"
                        + "&quot; onload=&quot;y &amp; z";
        assertThat(html.split(java.util.regex.Pattern.quote(escaped), -1)).hasSize(15);
    }

    @Test
    void spellsOutWhatCannotBeSeen() {
        assertThat(HtmlText.escape("a\u202eb\u0000c\u200bd\ud800e\ud83d\ude00\u00a0f\u0085"))
                .isEqualTo("a\\u202eb\\u0000c\\u200bd\\ud800e\ud83d\ude00\u00a0f\\u0085");
    }

    @Test
    void fetchesNothingAndRunsNothing() {
        String html = HtmlPage.titled("a", "b").html();
        assertThat(html)
                .startsWith("<!DOCTYPE html>")
                .contains("default-src 'none'", "prefers-color-scheme: dark")
                .doesNotContain("http://", "https://", "src=", "href=", "url(", "@import");
    }

    @Test
    void rowsFitTheirHeads() {
        HtmlPage page = HtmlPage.titled("a", "b");
        List<Cell> one = List.of(Cell.number(1));
        List<Cell> two = List.of(Cell.number(1), Cell.number(2));
        assertThatThrownBy(() -> page.table(List.of("x"), List.of(one, two)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void wordsTimesAndNumbersAlikeEverywhere() {
        assertThat(Wording.time(Duration.ofMillis(340))).isEqualTo("340 ms");
        assertThat(Wording.time(Duration.ofMillis(12_540))).isEqualTo("12.5 s");
        assertThat(Wording.time(Duration.ofSeconds(200))).isEqualTo("3 min 20 s");
        assertThat(Wording.time(Duration.ofMinutes(125))).isEqualTo("2 h 5 min");
        assertThat(Wording.count(1, "row")).isEqualTo("1 row");
        assertThat(Wording.count(12_000, "row")).isEqualTo("12,000 rows");
        assertThat(Wording.moment(Instant.parse("2026-03-01T12:00:00.2504Z")))
                .isEqualTo("2026-03-01 12:00:00.250 UTC");
        assertThat(Cell.number(1_234_567).text()).isEqualTo("1,234,567");
    }
}
