package io.landbridge.schema.mysql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tokens of an expression as MySQL's catalogue spells it; read from left to right. */
final class ExpressionTokens {

    private static final Pattern TOKEN =
            Pattern.compile(
                    "\\s*(?:(?<name>`(?:[^`]|``)+`)"
                            + "|(?:_[a-z0-9]+)?'(?<text>(?:[^'\\\\]|''|\\\\.)*)'"
                            + "|(?<number>\\d+(?:\\.\\d+)?)"
                            + "|(?<word>[a-zA-Z_][a-zA-Z0-9_]*)"
                            + "|(?<sign><=>|<>|!=|<=|>=|[-+*/%<>=(),]))",
                    Pattern.DOTALL);

    /** What a token is. */
    enum Kind {
        NAME,
        TEXT,
        NUMBER,
        WORD,
        SIGN
    }

    /**
     * One of them.
     *
     * @param text without quotes; words in lower case
     */
    record Token(Kind kind, String text) {}

    private final List<Token> tokens;
    private int at;

    private ExpressionTokens(List<Token> tokens) {
        this.tokens = tokens;
    }

    /** Empty where something stands that is no token here. */
    static Optional<ExpressionTokens> of(String expression) {
        List<Token> tokens = new ArrayList<>();
        String text = expression.strip();
        Matcher matcher = TOKEN.matcher(text);
        int at = 0;
        while (at < text.length()) {
            if (!matcher.find(at) || matcher.start() != at) {
                return Optional.empty();
            }
            tokens.add(token(matcher));
            at = matcher.end();
        }
        return Optional.of(new ExpressionTokens(tokens));
    }

    private static Token token(Matcher matcher) {
        if (matcher.group("name") != null) {
            String name = matcher.group("name");
            return new Token(Kind.NAME, name.substring(1, name.length() - 1).replace("``", "`"));
        }
        if (matcher.group("text") != null) {
            return new Token(
                    Kind.TEXT, matcher.group("text").replace("\\'", "'").replace("''", "'"));
        }
        if (matcher.group("number") != null) {
            return new Token(Kind.NUMBER, matcher.group("number"));
        }
        return matcher.group("word") != null
                ? new Token(Kind.WORD, matcher.group("word").toLowerCase(Locale.ROOT))
                : new Token(Kind.SIGN, matcher.group("sign"));
    }

    boolean isEmpty() {
        return at == tokens.size();
    }

    /** Takes the next token, if it is this word or sign. */
    boolean take(String text) {
        boolean is =
                !isEmpty()
                        && tokens.get(at).text().equals(text)
                        && (tokens.get(at).kind() == Kind.WORD
                                || tokens.get(at).kind() == Kind.SIGN);
        at += is ? 1 : 0;
        return is;
    }

    /** Takes the next token; empty at the end. */
    Optional<Token> take() {
        return isEmpty() ? Optional.empty() : Optional.of(tokens.get(at++));
    }
}
