package io.landbridge.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A page that is one file: no script, nothing fetched, readable in light and dark and on paper. It
 * is put together from the top to the bottom; every text is escaped here, so that callers never
 * write HTML. Not thread-safe.
 */
public final class HtmlPage {

    private static final String CSS = css();

    private final String title;
    private final StringBuilder body;

    private HtmlPage(String title, StringBuilder body) {
        this.title = title;
        this.body = body;
    }

    /**
     * An empty page.
     *
     * @param title what it is: {@code Validation of orders}
     * @param subtitle what identifies this one, in a line: when, which databases
     */
    public static HtmlPage titled(String title, String subtitle) {
        HtmlPage page = new HtmlPage(title, new StringBuilder());
        page.element("h1", "", title).element("p", "subtitle", subtitle);
        return page;
    }

    /** What a manager wants to know, once, at the top: a sentence, and why it holds. */
    public HtmlPage verdict(boolean good, String sentence, String why) {
        body.append("<div class=\"verdict ").append(good ? "good" : "bad").append("\">\n");
        element("p", "sentence", (good ? "✓ " : "✗ ") + sentence);
        if (!why.isEmpty()) {
            element("p", "", why);
        }
        body.append("</div>\n");
        return this;
    }

    public HtmlPage heading(String text) {
        return element("h2", "", text);
    }

    public HtmlPage paragraph(String text) {
        return element("p", "", text);
    }

    /** Names and what they are, in the map's order; nothing when there are none. */
    public HtmlPage facts(Map<String, String> facts) {
        if (facts.isEmpty()) {
            return this;
        }
        body.append("<dl>\n");
        facts.forEach(
                (name, value) -> {
                    body.append("<div>");
                    inline("dt", "", name);
                    inline("dd", "", value);
                    body.append("</div>\n");
                });
        body.append("</dl>\n");
        return this;
    }

    public HtmlPage list(List<String> items) {
        body.append("<ul>\n");
        items.forEach(item -> element("li", "", item));
        body.append("</ul>\n");
        return this;
    }

    /**
     * A table.
     *
     * @param heads one for each column
     * @param rows each as long as {@code heads}
     */
    public HtmlPage table(List<String> heads, List<List<Cell>> rows) {
        if (rows.stream().anyMatch(row -> row.size() != heads.size())) {
            throw new IllegalArgumentException("rows that are not as long as " + heads);
        }
        body.append("<div class=\"wide\"><table>\n<thead><tr>");
        for (int i = 0; i < heads.size(); i++) {
            boolean number = !rows.isEmpty() && rows.get(0).get(i).style() == Cell.Style.NUMBER;
            inline("th", number ? "number" : "", heads.get(i));
        }
        body.append("</tr></thead>\n<tbody>\n");
        for (List<Cell> row : rows) {
            body.append("<tr>");
            row.forEach(cell -> inline("td", style(cell), cell.text()));
            body.append("</tr>\n");
        }
        body.append("</tbody>\n</table></div>\n");
        return this;
    }

    /** What only some will want to read, folded behind {@code summary}. */
    public HtmlPage details(String summary, Consumer<HtmlPage> inside) {
        body.append("<details>\n");
        element("summary", "", summary);
        inside.accept(new HtmlPage(title, body));
        body.append("</details>\n");
        return this;
    }

    /** The whole file. */
    public String html() {
        return """
               <!DOCTYPE html>
               <html lang="en">
               <head>
               <meta charset="utf-8">
               <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
               <meta name="viewport" content="width=device-width, initial-scale=1">
               <meta name="referrer" content="no-referrer">
               <title>"""
                + HtmlText.escape(title)
                + "</title>\n<style>\n"
                + CSS
                + "</style>\n</head>\n<body>\n<main>\n"
                + body
                + "</main>\n</body>\n</html>\n";
    }

    private static String style(Cell cell) {
        return cell.style() == Cell.Style.PLAIN ? "" : cell.style().name().toLowerCase(Locale.ROOT);
    }

    private HtmlPage element(String name, String style, String text) {
        inline(name, style, text);
        body.append('\n');
        return this;
    }

    private void inline(String name, String style, String text) {
        body.append('<').append(name);
        if (!style.isEmpty()) {
            body.append(" class=\"").append(style).append('"');
        }
        body.append('>').append(HtmlText.escape(text));
        body.append("</").append(name).append('>');
    }

    private static String css() {
        try (InputStream in = HtmlPage.class.getResourceAsStream("report.css")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("reading report.css", e);
        }
    }
}
