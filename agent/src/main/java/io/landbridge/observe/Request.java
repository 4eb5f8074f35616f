package io.landbridge.observe;

import com.sun.net.httpserver.Headers;

/**
 * An HTTP request, read whole.
 *
 * @param client the address it came from
 * @param path without the query, as it was sent
 * @param body empty unless it is a POST
 */
record Request(String client, String method, String path, Headers headers, String body) {

    /** The header's first value; empty when there is none. */
    String header(String name) {
        String value = headers.getFirst(name);
        return value == null ? "" : value.strip();
    }
}
