package io.landbridge.report;

/**
 * Text that may come from anywhere, such as a table's name or a row's value, made safe for HTML:
 * inside elements and inside quoted attributes.
 */
final class HtmlText {

    private HtmlText() {}

    /**
     * {@code text} with every character that means something to HTML escaped. What can't be seen,
     * or would change how its neighbours are seen, is spelled out as {@code \}{@code u202e}: two
     * values that differ must look different.
     */
    static String escape(String text) {
        StringBuilder html = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> html.append("&amp;");
                case '<' -> html.append("&lt;");
                case '>' -> html.append("&gt;");
                case '"' -> html.append("&quot;");
                case '\'' -> html.append("&#39;");
                case '\n', '\t' -> html.append(c);
                default -> {
                    if (isHidden(c) || isLoneSurrogate(text, i)) {
                        html.append(String.format("\\u%04x", (int) c));
                    } else {
                        html.append(c);
                    }
                }
            }
        }
        return html.toString();
    }

    private static boolean isHidden(char c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.UNASSIGNED ->
                    true;
            default -> false;
        };
    }

    private static boolean isLoneSurrogate(String text, int at) {
        char c = text.charAt(at);
        if (Character.isHighSurrogate(c)) {
            return at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1));
        }
        return Character.isLowSurrogate(c)
                && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1)));
    }
}
