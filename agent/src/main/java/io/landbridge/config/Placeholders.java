package io.landbridge.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces {@code ${NAME}} and {@code ${NAME:default}} by environment variables and {@code
 * ${file:/run/secrets/x}} by a file's content without its last line end, {@code
 * ${aws-secretsmanager:id#json-key}} by a secret of AWS. A doubled dollar sign keeps a placeholder
 * as it is. Each secret is fetched once.
 */
final class Placeholders {

    private static final Pattern FORM = Pattern.compile("\\$\\$\\{|\\$\\{([^}]*)(}?)");
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private final Map<String, String> environment;
    private final Map<String, String> fetched = new HashMap<>();

    Placeholders(Map<String, String> environment) {
        this.environment = environment;
    }

    /** Whether {@code text} has one. */
    static boolean hasAny(String text) {
        return text.contains("${");
    }

    /** The same, with nothing fetched yet. */
    Placeholders anew() {
        return new Placeholders(environment);
    }

    /**
     * Replaces all placeholders of {@code text}; what they stand for is not looked through again.
     *
     * @throws IllegalArgumentException saying what is missing, by name only
     */
    String replace(String text) {
        if (!hasAny(text)) {
            return text;
        }
        Matcher matcher = FORM.matcher(text);
        StringBuilder result = new StringBuilder();
        while (matcher.find()) {
            String value = matcher.group(1) == null ? "${" : lookUp(matcher);
            matcher.appendReplacement(result, Matcher.quoteReplacement(value));
        }
        return matcher.appendTail(result).toString();
    }

    private String lookUp(Matcher matcher) {
        if (matcher.group(2).isEmpty()) {
            throw new IllegalArgumentException("'${' without '}'; '$${' stands for '${' itself");
        }
        String content = matcher.group(1);
        int colon = content.indexOf(':');
        String name = colon < 0 ? content : content.substring(0, colon);
        if (name.equals("file") && colon > 0) {
            return file(content.substring(colon + 1));
        }
        if (name.equals("aws-secretsmanager") && colon > 0) {
            return fetched.computeIfAbsent(content.substring(colon + 1), AwsSecrets::fetch);
        }
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "'${...}' takes the name of an environment variable, file:PATH or"
                            + " aws-secretsmanager:ID#KEY");
        }
        String value = environment.get(name);
        if (value != null && !value.isEmpty()) {
            return value;
        }
        if (colon < 0) {
            throw new IllegalArgumentException("the environment variable " + name + " is not set");
        }
        return content.substring(colon + 1);
    }

    private static String file(String path) {
        try {
            return Files.readString(Path.of(path)).replaceFirst("\\r?\\n$", "");
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException("can't read the file " + path, e);
        }
    }
}
