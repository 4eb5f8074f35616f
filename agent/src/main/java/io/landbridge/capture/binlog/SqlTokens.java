package io.landbridge.capture.binlog;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A statement cut into words, names, texts and signs; comments are left out, but what stands in
 * MySQL's executable comments counts.
 */
final class SqlTokens {

    /** What a token is. */
    enum Kind {
        /** A keyword or an unquoted name. */
        WORD,
        /** A name in quotes of names. */
        QUOTED,
        /** A text or a number. */
        LITERAL,
        SIGN
    }

    /**
     * One token.
     *
     * @param text without quotes
     */
    record Token(Kind kind, String text) {

        boolean is(String word) {
            return kind != Kind.QUOTED && kind != Kind.LITERAL && text.equalsIgnoreCase(word);
        }

        boolean isName() {
            return kind == Kind.WORD || kind == Kind.QUOTED;
        }

        /** A keyword as it is compared; empty for what is none. */
        String word() {
            return kind == Kind.WORD ? text.toUpperCase(Locale.ROOT) : "";
        }
    }

    private final String sql;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    private SqlTokens(String sql) {
        this.sql = sql;
    }

    static List<Token> of(String sql) {
        SqlTokens cut = new SqlTokens(sql);
        while (cut.at < sql.length()) {
            cut.next();
        }
        return List.copyOf(cut.tokens);
    }

    private void next() {
        char c = sql.charAt(at);
        if (Character.isWhitespace(c)) {
            at++;
        } else if (c == '#' || sql.startsWith("-- ", at) || sql.startsWith("--\n", at)) {
            int end = sql.indexOf('\n', at);
            at = end < 0 ? sql.length() : end;
        } else if (sql.startsWith("/*", at)) {
            comment();
        } else if (sql.startsWith("*/", at)) {
            at += 2;
        } else if (c == '`' || c == '"') {
            tokens.add(new Token(Kind.QUOTED, quoted(c)));
        } else if (c == '\'') {
            tokens.add(new Token(Kind.LITERAL, quoted(c)));
        } else if (isWordPart(c)) {
            int start = at;
            while (at < sql.length() && isWordPart(sql.charAt(at))) {
                at++;
            }
            tokens.add(new Token(Kind.WORD, sql.substring(start, at)));
        } else {
            tokens.add(new Token(Kind.SIGN, String.valueOf(c)));
            at++;
        }
    }

    /**
     * An executable comment's inside is read as if it stood there; its end is passed over above.
     */
    private void comment() {
        boolean mariadb = sql.startsWith("/*M!", at);
        if (mariadb || sql.startsWith("/*!", at)) {
            at += mariadb ? 4 : 3;
            while (at < sql.length() && Character.isDigit(sql.charAt(at))) {
                at++;
            }
            return;
        }
        int end = sql.indexOf("*/", at + 2);
        at = end < 0 ? sql.length() : end + 2;
    }

    private static boolean isWordPart(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '$' || c >= 0x80;
    }

    private String quoted(char quote) {
        StringBuilder text = new StringBuilder();
        at++;
        while (at < sql.length()) {
            char c = sql.charAt(at++);
            if (c == '\\' && quote != '`' && at < sql.length()) {
                text.append(sql.charAt(at++));
            } else if (c != quote) {
                text.append(c);
            } else if (at < sql.length() && sql.charAt(at) == quote) {
                text.append(quote);
                at++;
            } else {
                break;
            }
        }
        return text.toString();
    }
}
