package io.landbridge.config;

import io.landbridge.config.DatabaseConfig.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A database's address: {@code postgresql://user:pass@host:port/database?sslmode=require}, the same
 * with {@code jdbc:} before it, or {@code mysql://} or {@code mariadb://}. Parts may be
 * percent-encoded; an IPv6 address stands in brackets.
 *
 * <p>A URL that is wrong may have its password anywhere, so no complaint repeats any part of it.
 *
 * @param user empty when the URL names none
 * @param parameters by the driver's names
 * @see <a
 *     href="https://www.postgresql.org/docs/17/libpq-connect.html#LIBPQ-CONNSTRING-URIS">libpq's
 *     connection URIs</a>
 */
record DatabaseUrl(
        Kind kind,
        String host,
        int port,
        String database,
        Optional<String> user,
        Optional<Secret> password,
        Map<String, String> parameters) {

    private static final String EXPECTED = "expected postgresql://user@host:port/database";
    private static final String ENCODE =
            "; inside the user's name and the password, write / ? # @ : % as %2F %3F %23 %40 %3A"
                    + " %25, or use the keys user and password";

    /** libpq's spelling to the driver's. */
    private static final Map<String, String> PARAMETERS =
            Map.ofEntries(
                    Map.entry("sslmode", "sslmode"),
                    Map.entry("sslrootcert", "sslrootcert"),
                    Map.entry("sslcert", "sslcert"),
                    Map.entry("sslkey", "sslkey"),
                    Map.entry("sslpassword", "sslpassword"),
                    Map.entry("ssl", "ssl"),
                    Map.entry("sslfactory", "sslfactory"),
                    Map.entry("channel_binding", "channelBinding"),
                    Map.entry("channelBinding", "channelBinding"),
                    Map.entry("gssencmode", "gssEncMode"),
                    Map.entry("gssEncMode", "gssEncMode"),
                    Map.entry("krbsrvname", "kerberosServerName"),
                    Map.entry("kerberosServerName", "kerberosServerName"),
                    Map.entry("jaasApplicationName", "jaasApplicationName"),
                    Map.entry("jaasLogin", "jaasLogin"),
                    Map.entry("socketTimeout", "socketTimeout"));

    /**
     * Takes {@code text} apart.
     *
     * @throws IllegalArgumentException saying what is wrong, without any part of the text
     */
    static DatabaseUrl parse(String text) {
        boolean jdbc = text.startsWith("jdbc:");
        String url = jdbc ? text.substring("jdbc:".length()) : text;
        int slashes = url.indexOf("://");
        if (slashes < 0) {
            throw new IllegalArgumentException(EXPECTED);
        }
        Kind kind = kind(url.substring(0, slashes));
        String rest = url.substring(slashes + 3);
        int question = rest.indexOf('?');
        String query = question < 0 ? "" : rest.substring(question + 1);
        String place = question < 0 ? rest : rest.substring(0, question);
        int slash = place.indexOf('/');
        if (slash < 0 || slash == place.length() - 1) {
            throw new IllegalArgumentException("names no database; " + EXPECTED + ENCODE);
        }
        String authority = place.substring(0, slash);
        int at = authority.lastIndexOf('@');
        String who = at < 0 ? "" : authority.substring(0, at);
        int colon = who.indexOf(':');
        String user = decode(colon < 0 ? who : who.substring(0, colon), false);
        Optional<Secret> password =
                colon < 0
                        ? Optional.empty()
                        : Optional.of(new Secret(decode(who.substring(colon + 1), false)));
        String where = authority.substring(at + 1);
        int portAt = where.lastIndexOf(':');
        boolean hasPort = portAt > where.lastIndexOf(']');
        Map<String, String> parameters = query(query, jdbc);
        Optional<String> userParameter = Optional.ofNullable(parameters.remove("user"));
        Optional<Secret> passwordParameter =
                Optional.ofNullable(parameters.remove("password")).map(Secret::new);
        return new DatabaseUrl(
                kind,
                host(hasPort ? where.substring(0, portAt) : where),
                hasPort ? port(where.substring(portAt + 1)) : kind.isOfMysqlFamily() ? 3306 : 5432,
                decode(place.substring(slash + 1), jdbc),
                user.isEmpty() ? userParameter : Optional.of(user),
                password.or(() -> passwordParameter),
                kind.isOfMysqlFamily() ? parameters : driverNames(parameters));
    }

    /** Without the values of parameters: one of them may be a key's password. */
    @Override
    public String toString() {
        return kind + " " + host + ":" + port + "/" + database + parameters.keySet();
    }

    private static Kind kind(String scheme) {
        return switch (scheme) {
            case "postgresql", "postgres" -> Kind.POSTGRESQL;
            case "mysql" -> Kind.MYSQL;
            case "mariadb" -> Kind.MARIADB;
            default ->
                    throw new IllegalArgumentException(
                            "its scheme is none of postgresql, mysql, mariadb; " + EXPECTED);
        };
    }

    private static String host(String text) {
        if (text.contains(",")) {
            throw new IllegalArgumentException("names several hosts; name one");
        }
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        String host = bracketed ? text.substring(1, text.length() - 1) : decode(text, false);
        if (host.isEmpty() || (!bracketed && !host.matches("[A-Za-z0-9._-]+"))) {
            throw new IllegalArgumentException("names no proper host; " + EXPECTED + ENCODE);
        }
        // The brackets are part of the address in the driver's URL.
        return bracketed ? text : host;
    }

    private static int port(String text) {
        if (!text.matches("[0-9]{1,5}")) {
            throw new IllegalArgumentException("its port is not a number" + ENCODE);
        }
        int port = Integer.parseInt(text);
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("its port is not between 1 and 65535");
        }
        return port;
    }

    private static Map<String, String> query(String query, boolean jdbc) {
        Map<String, String> result = new TreeMap<>();
        for (String pair : query.split("&", -1)) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                if (equals < 0) {
                    throw new IllegalArgumentException(
                            "a parameter after '?' has no value" + ENCODE);
                }
                result.put(
                        decode(pair.substring(0, equals), jdbc),
                        decode(pair.substring(equals + 1), jdbc));
            }
        }
        return result;
    }

    private static Map<String, String> driverNames(Map<String, String> given) {
        Map<String, String> result = new TreeMap<>();
        given.forEach(
                (name, value) -> {
                    String driverName = PARAMETERS.get(name);
                    if (driverName == null) {
                        // The name may be the rest of a password with a '?' in it.
                        throw new IllegalArgumentException(
                                "has a parameter that is none of "
                                        + String.join(
                                                ", ", new java.util.TreeSet<>(PARAMETERS.keySet()))
                                        + "; sessions are set up by Landbridge itself"
                                        + ENCODE);
                    }
                    result.put(driverName, value);
                });
        return result;
    }

    /** Percent-decoding as UTF-8; a plus is a space in JDBC's form only, as the driver has it. */
    private static String decode(String text, boolean plusIsSpace) {
        if (text.indexOf('%') < 0 && !(plusIsSpace && text.indexOf('+') >= 0)) {
            return text;
        }
        byte[] raw = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer decoded = ByteBuffer.allocate(raw.length);
        for (int i = 0; i < raw.length; i++) {
            if (raw[i] == '%') {
                int high = i + 2 < raw.length ? Character.digit(raw[i + 1], 16) : -1;
                int low = i + 2 < raw.length ? Character.digit(raw[i + 2], 16) : -1;
                if (high < 0 || low < 0) {
                    throw new IllegalArgumentException(
                            "has a '%' that two hexadecimal digits don't follow" + ENCODE);
                }
                decoded.put((byte) (high << 4 | low));
                i += 2;
            } else {
                decoded.put(plusIsSpace && raw[i] == '+' ? (byte) ' ' : raw[i]);
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(decoded.flip()).toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("is not UTF-8 once percent-decoded", e);
        }
    }
}
