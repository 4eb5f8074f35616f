package io.landbridge.fault;

import io.landbridge.change.TableId;
import io.landbridge.offsets.SourcePosition;
import java.util.Optional;

/**
 * The one exception of ours. Built step by step:
 *
 * <pre>{@code
 * throw Fault.of(FaultCode.SOURCE_GAP, "slot 'landbridge_shop' is gone")
 *         .at(position)
 *         .hint("start the migration again with 'landbridge abort' and 'landbridge run'");
 * }</pre>
 *
 * Messages and hints carry no password and no column value.
 */
public final class Fault extends RuntimeException {

    private final FaultCode code;
    private TableId table;
    private SourcePosition position;
    private String hint = "";

    private Fault(FaultCode code, String what, Throwable cause) {
        super(what, cause);
        this.code = code;
    }

    /** A fault of ours; {@code what} says what happened in one sentence without a full stop. */
    public static Fault of(FaultCode code, String what) {
        return new Fault(code, what, null);
    }

    /** As {@link #of(FaultCode, String)}, caused by {@code cause}. */
    public static Fault of(FaultCode code, String what, Throwable cause) {
        return new Fault(code, what, cause);
    }

    public Fault in(TableId where) {
        table = where;
        return this;
    }

    public Fault at(SourcePosition where) {
        position = where;
        return this;
    }

    /** What the person on call can do: an imperative, with the command or SQL to run. */
    public Fault hint(String whatToDo) {
        hint = whatToDo;
        return this;
    }

    public FaultCode code() {
        return code;
    }

    public Optional<TableId> table() {
        return Optional.ofNullable(table);
    }

    public Optional<SourcePosition> position() {
        return Optional.ofNullable(position);
    }

    public String hint() {
        return hint;
    }

    /** {@code CODE: what (table T) (at P). Hint}: one line for a log or a terminal. */
    public String describe() {
        StringBuilder line = new StringBuilder(code.name()).append(": ").append(getMessage());
        if (table != null) {
            line.append(" (table ").append(table).append(')');
        }
        if (position != null) {
            line.append(" (at ").append(position.text()).append(')');
        }
        if (!hint.isEmpty()) {
            line.append(". ").append(hint);
        }
        return line.toString();
    }
}
