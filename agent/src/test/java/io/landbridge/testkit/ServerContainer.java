package io.landbridge.testkit;

import com.github.dockerjava.api.DockerClient;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.startupcheck.StartupCheckStrategy;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

/**
 * A database server in a container of an official image, in the machine's own network: its port is
 * that of a process, also after a restart, and servers reach each other as processes do.
 *
 * <p>Stopped and started again it is the same container with the same data. Testcontainers removes
 * it with this JVM.
 */
final class ServerContainer extends ServerHost {

    /**
     * What a container is made of.
     *
     * @param image with its tag
     * @param files what is in them, by their paths in the container
     * @param command program and arguments, but for {@code --port=}
     */
    record Recipe(
            String image,
            Map<String, String> environment,
            Map<String, String> files,
            List<String> command) {}

    private final Recipe recipe;
    private GenericContainer<?> container;

    ServerContainer(String name, Recipe recipe) {
        super(name);
        this.recipe = recipe;
    }

    /** False when the server ended instead of accepting connections. */
    synchronized boolean launch(int port, Callable<Boolean> accepts) {
        if (container == null) {
            container = container(port);
            container.start();
        } else {
            docker().startContainerCmd(container.getContainerId()).exec();
        }
        Await.until(name() + " accepts connections", START, () -> !running() || accepts.call());
        if (running()) {
            return true;
        }
        if (log().contains("Address already in use")) {
            container.stop();
            container = null;
        }
        return false;
    }

    private GenericContainer<?> container(int port) {
        GenericContainer<?> made =
                new GenericContainer<>(DockerImageName.parse(recipe.image()))
                        .withNetworkMode("host")
                        .withEnv(recipe.environment())
                        .withCommand(
                                Stream.concat(
                                                recipe.command().stream(),
                                                Stream.of("--port=" + port))
                                        .toArray(String[]::new))
                        .withStartupCheckStrategy(new Begun());
        recipe.files()
                .forEach(
                        (path, text) ->
                                made.withCopyToContainer(Transferable.of(text, 0644), path));
        return made;
    }

    @Override
    synchronized boolean running() {
        return container != null
                && Boolean.TRUE.equals(
                        docker().inspectContainerCmd(container.getContainerId())
                                .exec()
                                .getState()
                                .getRunning());
    }

    @Override
    synchronized void end(String signal) {
        if (!running()) {
            return;
        }
        docker().killContainerCmd(container.getContainerId()).withSignal(signal).exec();
        Await.until(name() + " has ended", START, () -> !running());
    }

    @Override
    synchronized String log() {
        return container == null ? "" : container.getLogs();
    }

    @Override
    public synchronized void close() {
        if (container != null) {
            container.stop();
            container = null;
        }
    }

    private DockerClient docker() {
        return container.getDockerClient();
    }

    /** Whether it accepts connections is asked from outside; that it began is enough here. */
    private static final class Begun extends StartupCheckStrategy {
        @Override
        public StartupStatus checkStartupState(DockerClient client, String containerId) {
            return StartupStatus.SUCCESSFUL;
        }
    }
}
