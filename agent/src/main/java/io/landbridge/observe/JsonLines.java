package io.landbridge.observe;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.LayoutBase;
import io.landbridge.change.TableId;
import io.landbridge.offsets.SourcePosition;
import java.util.LinkedHashMap;
import java.util.Map;

/** One JSON object a line: at, level, logger, thread, message; code and more when it is a fault. */
final class JsonLines extends LayoutBase<ILoggingEvent> {

    @Override
    public String doLayout(ILoggingEvent event) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("at", event.getInstant());
        line.put("level", event.getLevel().toString());
        line.put("logger", event.getLoggerName());
        line.put("thread", event.getThreadName());
        line.put("message", event.getFormattedMessage());
        LogLine.fault(event)
                .ifPresent(
                        fault -> {
                            line.put("code", fault.code().name());
                            line.put("kind", fault.code().kind().name());
                            line.put("error", fault.getMessage());
                            fault.table()
                                    .map(TableId::toString)
                                    .ifPresent(it -> line.put("table", it));
                            fault.position()
                                    .map(SourcePosition::text)
                                    .ifPresent(it -> line.put("position", it));
                            line.put("hint", fault.hint());
                        });
        LogLine.stack(event).ifPresent(it -> line.put("stack", it));
        return Json.text(line) + System.lineSeparator();
    }
}
