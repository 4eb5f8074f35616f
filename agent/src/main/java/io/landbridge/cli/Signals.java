package io.landbridge.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first SIGTERM or SIGINT asks the migration to stop; the next one ends the process at once,
 * and so does the time, should stopping hang. Being killed is always safe; it only costs the work
 * since the last commit.
 *
 * <p>Shutdown hooks can't tell a second signal, so {@code sun.misc.Signal} is used; by reflection,
 * since javac warns of its name whatever one does.
 */
final class Signals implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Signals.class);
    private static final Map<String, Integer> STATUS = Map.of("INT", 130, "TERM", 143);

    private final Runnable stop;
    private final AtomicBoolean asked = new AtomicBoolean();
    private final HaltTimer timer;
    private final Map<String, Object> before = new LinkedHashMap<>();

    private Signals(Runnable stop, HaltTimer timer) {
        this.stop = stop;
        this.timer = timer;
    }

    /**
     * From now until it is closed, signals call {@code stop} from a thread of their own.
     *
     * @param timer started by the first signal
     */
    static Signals stopping(Runnable stop, HaltTimer timer) {
        Signals signals = new Signals(stop, timer);
        for (String name : STATUS.keySet()) {
            signals.listen(name, () -> signals.received(name));
        }
        return signals;
    }

    boolean wereReceived() {
        return asked.get();
    }

    /** From now until it is closed, SIG{@code name} calls {@code what} from a thread of its own. */
    void listen(String name, Runnable what) {
        try {
            before.put(name, handle(name, handler(what)));
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            // A JVM started with -Xrs, or none of ours: then the signal ends it at once.
            LOG.debug("can't listen to SIG{}", name, e);
        }
    }

    private void received(String name) {
        if (!asked.compareAndSet(false, true)) {
            Runtime.getRuntime().halt(STATUS.get(name));
        }
        LOG.info("SIG{}: stopping", name);
        timer.start("SIG" + name, STATUS.get(name));
        stop.run();
    }

    private Object handler(Runnable what) throws ClassNotFoundException {
        return Proxy.newProxyInstance(
                Signals.class.getClassLoader(),
                new Class<?>[] {Class.forName("sun.misc.SignalHandler")},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("handle")) {
                        what.run();
                        return null;
                    }
                    return method.getName().equals("hashCode")
                            ? System.identityHashCode(this)
                            : method.getName().equals("equals") ? proxy == arguments[0] : "Signals";
                });
    }

    private static Object handle(String name, Object handler) throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        try {
            return signal.getMethod("handle", signal, Class.forName("sun.misc.SignalHandler"))
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), handler);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refused) {
                throw refused;
            }
            throw e;
        }
    }

    @Override
    public void close() {
        before.forEach(
                (name, handler) -> {
                    try {
                        handle(name, handler);
                    } catch (ReflectiveOperationException e) {
                        LOG.debug("can't give SIG{} back", name, e);
                    }
                });
    }
}
