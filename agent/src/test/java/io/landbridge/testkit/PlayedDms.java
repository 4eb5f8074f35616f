package io.landbridge.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/**
 * AWS as moto plays it, with what moto can't play of DMS before it: tasks that take a moment to
 * start, stop and go, rows that move while a task runs ({@link Rows}), what is counted of them, and
 * failures. The task itself, what it is called and whether it runs, is moto's alone.
 */
public final class PlayedDms implements AutoCloseable {

    public static final String REGION = "eu-central-1";
    public static final String INSTANCE = arn("rep:INSTANCE");
    public static final String SOURCE = arn("endpoint:SOURCE");
    public static final String TARGET = arn("endpoint:TARGET");

    private static final String SERVICE = "AmazonDMSv20160101.";
    private static final String DATE = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:.*";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> HOP_BY_HOP =
            List.of("host", "connection", "content-length", "transfer-encoding", "upgrade");

    private final MotoServer moto = MotoServer.start();
    private final HttpClient client = HttpClient.newHttpClient();
    private final HttpServer server;
    private volatile Rows rows = Rows.NONE;
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final Map<String, String> onTheirWay = new ConcurrentHashMap<>();
    private final Map<String, Runnable> lostAnswers = new ConcurrentHashMap<>();
    private final Map<String, Runnable> lostRequests = new ConcurrentHashMap<>();
    private volatile Optional<String> refusal = Optional.empty();
    private volatile Optional<String> failure = Optional.empty();
    private volatile Optional<String> brokenTable = Optional.empty();

    /** What moves while a task runs. */
    public interface Rows {

        /** A task that nothing moves by. */
        Rows NONE =
                new Rows() {
                    @Override
                    public void start(JsonNode mappings) {
                        // Nothing to move.
                    }

                    @Override
                    public void stop() {
                        // Nothing moved.
                    }

                    @Override
                    public void remove() {
                        // Nothing is kept.
                    }
                };

        /**
         * Begins to move, or goes on; called when a task is started.
         *
         * @param mappings the task's table mappings
         */
        void start(JsonNode mappings);

        /** Nothing moves any more when this returns. */
        void stop();

        /** Forgets everything. */
        void remove();

        /** Of the full load. */
        default int loadedPercent() {
            return 100;
        }

        /** What is counted of each table. */
        default List<Counted> counted() {
            return List.of();
        }
    }

    /** What DMS counts of a table. */
    public record Counted(String schema, String table, String state, long rows) {}

    public PlayedDms() {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.setExecutor(Executors.newCachedThreadPool());
        server.start();
    }

    private static String arn(String what) {
        return "arn:aws:dms:" + REGION + ":123456789012:" + what;
    }

    /** Lets {@code moved} move while the next tasks run; forgets what was asked for so far. */
    public void play(Rows moved) {
        rows = moved;
        calls.clear();
    }

    /** The next {@code operation} is done, {@code then} is run, and nobody hears an answer. */
    public void loseAnswer(String operation, Runnable then) {
        lostAnswers.put(operation, then);
    }

    /** The next {@code operation} is not done: {@code then} is run, and nobody hears an answer. */
    public void loseRequest(String operation, Runnable then) {
        lostRequests.put(operation, then);
    }

    /** For {@code dms.endpoint}. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Operations asked for so far that change something, in their order. */
    public List<String> changes() {
        return calls.stream().filter(call -> !call.startsWith("Describe")).toList();
    }

    /** Every request is refused with {@code code} from now on. */
    public void refuse(String code) {
        refusal = Optional.of(code);
    }

    /** A task that runs has failed; starting it again helps. */
    public void fail(String message) {
        rows.stop();
        failure = Optional.of(message);
    }

    /** DMS gives up {@code table}. */
    public void breakTable(String table) {
        brokenTable = Optional.of(table);
    }

    /** Everything is as it should be again, but for a task that has failed. */
    public void mend() {
        refusal = Optional.empty();
        brokenTable = Optional.empty();
    }

    /** The tasks that moto holds: {@code NAME STATUS}. */
    public List<String> tasks() {
        List<String> tasks = new ArrayList<>();
        ask("DescribeReplicationTasks", JSON.createObjectNode())
                .path("ReplicationTasks")
                .forEach(
                        task ->
                                tasks.add(
                                        task.path("ReplicationTaskIdentifier").asText()
                                                + " "
                                                + task.path("Status").asText()));
        return tasks;
    }

    /** Those that a migration has made, whose names begin {@code landbridge-MIGRATION-}. */
    public List<String> tasks(String migration) {
        return tasks().stream()
                .filter(task -> task.startsWith("landbridge-" + migration + "-"))
                .toList();
    }

    /** Makes a task as somebody else would; gives its ARN. */
    public String makeTask(String name, String type, String mappings, String settings) {
        return ask(
                        "CreateReplicationTask",
                        JSON.createObjectNode()
                                .put("ReplicationTaskIdentifier", name)
                                .put("ReplicationInstanceArn", INSTANCE)
                                .put("SourceEndpointArn", SOURCE)
                                .put("TargetEndpointArn", TARGET)
                                .put("MigrationType", type)
                                .put("TableMappings", mappings)
                                .put("ReplicationTaskSettings", settings))
                .path("ReplicationTask")
                .path("ReplicationTaskArn")
                .asText();
    }

    private JsonNode ask(String operation, ObjectNode body) {
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(moto.url())
                            .header("X-Amz-Target", SERVICE + operation)
                            .header("Content-Type", "application/x-amz-json-1.1")
                            .header(
                                    "Authorization",
                                    "AWS4-HMAC-SHA256 Credential=tests/20260101/"
                                            + REGION
                                            + "/dms/aws4_request")
                            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                            .build();
            return JSON.readTree(client.send(request, BodyHandlers.ofString()).body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What goes wrong here is told to who asked, who tells it to who reads the log. */
    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            try {
                play(exchange);
            } catch (RuntimeException | Error e) {
                ObjectNode broken =
                        JSON.createObjectNode()
                                .put("__type", "InternalFailure")
                                .put("message", e.toString());
                send(exchange, 500, JSON.writeValueAsBytes(broken));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void play(HttpExchange exchange) throws IOException, InterruptedException {
        String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (target == null || !target.startsWith(SERVICE)) {
            HttpResponse<byte[]> reply = forward(exchange, body);
            reply.headers()
                    .firstValue("Content-Type")
                    .ifPresent(type -> exchange.getResponseHeaders().add("Content-Type", type));
            send(exchange, reply.statusCode(), reply.body());
            return;
        }
        String operation = target.substring(SERVICE.length());
        calls.add(operation);
        if (refusal.isPresent()) {
            ObjectNode refused =
                    JSON.createObjectNode()
                            .put("__type", refusal.get())
                            .put("message", "as the test wants it");
            send(exchange, 400, JSON.writeValueAsBytes(refused));
            return;
        }
        if (operation.equals("DescribeTableStatistics")) {
            send(exchange, 200, JSON.writeValueAsBytes(statistics()));
            return;
        }
        Runnable instead = lostRequests.remove(operation);
        if (instead != null) {
            instead.run();
            return;
        }
        if (operation.equals("StopReplicationTask")) {
            rows.stop();
        }
        Optional<JsonNode> before = before(operation, JSON.readTree(body));
        HttpResponse<byte[]> reply = forward(exchange, body);
        JsonNode said = JSON.readTree(reply.body());
        if (reply.statusCode() == 200) {
            after(operation, JSON.readTree(body), said, before);
        }
        Runnable then = lostAnswers.remove(operation);
        if (then != null) {
            then.run();
            return;
        }
        send(exchange, reply.statusCode(), JSON.writeValueAsBytes(said));
    }

    /** A task that is about to be deleted, which moto forgets at once. */
    private Optional<JsonNode> before(String operation, JsonNode request) {
        return operation.equals("DeleteReplicationTask")
                ? Optional.of(task(request.path("ReplicationTaskArn").asText()))
                : Optional.empty();
    }

    private JsonNode task(String arn) {
        ObjectNode ask = JSON.createObjectNode();
        ask.putArray("Filters")
                .addObject()
                .put("Name", "replication-task-arn")
                .putArray("Values")
                .add(arn);
        return ask("DescribeReplicationTasks", ask).path("ReplicationTasks").path(0);
    }

    private void after(
            String operation, JsonNode request, JsonNode reply, Optional<JsonNode> before)
            throws IOException {
        String arn = request.path("ReplicationTaskArn").asText();
        switch (operation) {
            case "StartReplicationTask" -> {
                failure = Optional.empty();
                onTheirWay.put(arn, "starting");
                rows.start(JSON.readTree(task(arn).path("TableMappings").asText()));
            }
            case "StopReplicationTask" -> onTheirWay.put(arn, "stopping");
            case "DeleteReplicationTask" -> {
                rows.remove();
                before.ifPresent(task -> onTheirWay.put(arn, "deleting"));
            }
            default -> {
                // Only looked at.
            }
        }
        reply.path("ReplicationTasks").forEach(task -> play((ObjectNode) task));
        if (operation.equals("CreateReplicationTask")) {
            onTheirWay.put(
                    reply.path("ReplicationTask").path("ReplicationTaskArn").asText(), "creating");
        }
        datesAsNumbers(reply);
    }

    private void play(ObjectNode task) {
        ((ObjectNode) task.path("ReplicationTaskStats"))
                .put("FullLoadProgressPercent", rows.loadedPercent());
        Optional<String> passing =
                Optional.ofNullable(onTheirWay.remove(task.path("ReplicationTaskArn").asText()));
        boolean created = task.path("Status").asText().equals("creating");
        if (passing.isPresent()) {
            task.put("Status", passing.get());
        } else if (created) {
            // Moto leaves it at that.
            task.put("Status", "ready");
        } else if (failure.isPresent() && task.path("Status").asText().equals("running")) {
            task.put("Status", "failed").put("LastFailureMessage", failure.get());
        }
    }

    /** AWS's protocol has seconds, which its clients insist on; moto writes texts. */
    private static void datesAsNumbers(JsonNode node) {
        node.forEach(PlayedDms::datesAsNumbers);
        if (node instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> one : List.copyOf(object.properties())) {
                String text = one.getValue().asText();
                if (one.getValue().isTextual() && text.matches(DATE)) {
                    boolean zoned = text.matches(".*(Z|[+-]\\d\\d:\\d\\d)");
                    object.put(
                            one.getKey(),
                            OffsetDateTime.parse(zoned ? text : text + "Z").toEpochSecond());
                }
            }
        }
    }

    private ObjectNode statistics() {
        ObjectNode reply = JSON.createObjectNode();
        var tables = reply.putArray("TableStatistics");
        for (Counted one : rows.counted()) {
            boolean broken =
                    brokenTable.filter((one.schema() + "." + one.table())::equals).isPresent();
            tables.addObject()
                    .put("SchemaName", one.schema())
                    .put("TableName", one.table())
                    .put("TableState", broken ? "Table error" : one.state())
                    .put("FullLoadRows", one.rows());
        }
        return reply;
    }

    private HttpResponse<byte[]> forward(HttpExchange exchange, byte[] body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(
                                URI.create(
                                        moto.url().toString()
                                                + exchange.getRequestURI().toString()))
                        .timeout(Duration.ofMinutes(1))
                        .method(
                                exchange.getRequestMethod(),
                                HttpRequest.BodyPublishers.ofByteArray(body));
        exchange.getRequestHeaders()
                .forEach(
                        (name, values) -> {
                            if (!HOP_BY_HOP.contains(name.toLowerCase(Locale.ROOT))) {
                                values.forEach(value -> request.header(name, value));
                            }
                        });
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        moto.close();
    }
}
