package io.landbridge.observe;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.landbridge.config.HttpConfig;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.phase.MigrationControl;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent's HTTP port: health, metrics, API, page. The JDK's own server; a handful of threads and
 * a bounded queue, so that a flood of requests costs the migration nothing but those.
 */
public final class AgentServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AgentServer.class);
    private static final int THREADS = 6;
    private static final int WAITING = 64;
    private static final int MOST_BODY_BYTES = 64 * 1024;

    static {
        // A client that sends its request slowly must not hold a thread for ever; in seconds.
        System.setProperty("sun.net.httpserver.maxReqTime", "20");
    }

    private final HttpServer server;
    private final ExecutorService threads;
    private final Exposition exposition;
    private final Live live;
    private final Routes routes;

    private AgentServer(
            HttpServer server, HttpConfig config, MigrationControl control, Path reports) {
        History history = new History();
        this.server = server;
        this.threads = threads();
        this.exposition = new Exposition(control);
        this.live = new Live(control, history, Logs.tail());
        this.routes =
                new Routes(
                        new Guard(config, server.getAddress().getAddress()),
                        new Health(control, config),
                        exposition,
                        history,
                        new ReportFiles(reports),
                        control);
    }

    /**
     * Listens from now on. {@code http.port} must not be -1.
     *
     * @param reports the directory of the reports that the page lists; may not be there yet
     * @throws Fault CONFIG_INVALID when the address can't be listened on
     */
    public static AgentServer start(HttpConfig config, MigrationControl control, Path reports) {
        InetSocketAddress address = new InetSocketAddress(config.bind(), config.port());
        try {
            HttpServer server = listen(address, config.tls());
            AgentServer agent = new AgentServer(server, config, control, reports);
            server.setExecutor(agent.threads);
            server.createContext("/", agent::handle);
            server.start();
            LOG.info("health, metrics, API and page at {}", agent.url());
            return agent;
        } catch (IOException | java.nio.channels.UnresolvedAddressException e) {
            boolean taken = e instanceof BindException;
            throw Fault.of(
                            FaultCode.CONFIG_INVALID,
                            "can't listen on http.bind "
                                    + config.bind()
                                    + ", http.port "
                                    + config.port()
                                    + (taken ? ": taken, or not an address of this machine" : ""),
                            e)
                    .hint("choose another http.port; 0 takes a free one, -1 serves nothing");
        }
    }

    private static HttpServer listen(InetSocketAddress address, Optional<HttpConfig.Tls> tls)
            throws IOException {
        if (tls.isEmpty()) {
            return HttpServer.create(address, WAITING);
        }
        SSLContext context = ServerCertificate.context(tls.get());
        HttpsServer server = HttpsServer.create(address, WAITING);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        return server;
    }

    /** Where it listens: {@code http://127.0.0.1:8080}. */
    public URI url() {
        InetSocketAddress address = server.getAddress();
        String host = address.getAddress().getHostAddress();
        return URI.create(
                (server instanceof HttpsServer ? "https://" : "http://")
                        + (host.contains(":") ? "[" + host + "]" : host)
                        + ":"
                        + address.getPort());
    }

    private void handle(HttpExchange exchange) throws IOException {
        if (Routes.isLive(exchange.getRequestMethod(), exchange.getRequestURI().getPath())
                && live.serve(exchange)) {
            return;
        }
        try (exchange) {
            send(exchange, reply(exchange));
        } catch (IOException e) {
            LOG.debug("a client went away: {}", e.toString());
            throw e;
        }
    }

    private Reply reply(HttpExchange exchange) throws IOException {
        String body = "";
        if (exchange.getRequestMethod().equals("POST")) {
            try (InputStream in = exchange.getRequestBody()) {
                byte[] bytes = in.readNBytes(MOST_BODY_BYTES + 1);
                if (bytes.length > MOST_BODY_BYTES) {
                    return Reply.refusal(413, "the request's body is too large", "");
                }
                body = new String(bytes, StandardCharsets.UTF_8);
            }
        }
        Request request =
                new Request(
                        exchange.getRemoteAddress().getAddress().getHostAddress(),
                        exchange.getRequestMethod(),
                        exchange.getRequestURI().getPath(),
                        exchange.getRequestHeaders(),
                        body);
        try {
            return routes.reply(request);
        } catch (Fault e) {
            return Reply.fault(e);
        } catch (RuntimeException e) {
            LOG.error("{} {} failed", request.method(), request.path(), e);
            return Reply.fault(
                    Fault.of(FaultCode.INTERNAL, "the agent failed to answer this request")
                            .hint("its log says why"));
        }
    }

    private static void send(HttpExchange exchange, Reply reply) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", reply.contentType());
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        reply.headers().forEach(exchange.getResponseHeaders()::set);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(reply.status(), head || body.length == 0 ? -1 : body.length);
        if (!head && body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    private static ExecutorService threads() {
        AtomicInteger number = new AtomicInteger();
        return new ThreadPoolExecutor(
                THREADS,
                THREADS,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING),
                work -> {
                    Thread thread = new Thread(work, "http-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        live.close();
        exposition.close();
    }
}
