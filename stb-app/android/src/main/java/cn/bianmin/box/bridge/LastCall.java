package cn.bianmin.box.bridge;

import cn.bianmin.box.time.MonotonicClock;
import java.util.concurrent.Executor;
import org.json.JSONObject;

/** Remembers when the page asked last: one that asks nothing any more is broken, or has nothing to do. */
public final class LastCall implements Operations {
    private final Operations operations;
    private final MonotonicClock clock;
    private volatile long at;

    public LastCall(Operations operations, MonotonicClock clock) {
        this.operations = operations;
        this.clock = clock;
        at = clock.elapsedMs();
    }

    /** Milliseconds since then, or since the beginning. */
    public long ago() {
        return clock.elapsedMs() - at;
    }

    @Override
    public String badRequestCode() {
        return operations.badRequestCode();
    }

    @Override
    public String unexpectedCode() {
        return operations.unexpectedCode();
    }

    @Override
    public Executor executorOf(Request request) {
        at = clock.elapsedMs();
        return operations.executorOf(request);
    }

    @Override
    public JSONObject carryOut(Request request, Call call) throws Failure {
        return operations.carryOut(request, call);
    }
}
