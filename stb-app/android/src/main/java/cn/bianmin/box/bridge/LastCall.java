package cn.bianmin.box.bridge;

import cn.bianmin.box.time.MonotonicClock;
import java.util.concurrent.Executor;

/** Remembers when the page asked last: one that asks nothing any more is broken, or has nothing to do. */
public final class LastCall extends PassedOn {
    private final MonotonicClock clock;
    private volatile long at;

    public LastCall(Operations operations, MonotonicClock clock) {
        super(operations);
        this.clock = clock;
        at = clock.elapsedMs();
    }

    /** Milliseconds since then, or since the beginning. */
    public long ago() {
        return clock.elapsedMs() - at;
    }

    @Override
    public Executor executorOf(Request request) {
        at = clock.elapsedMs();
        return super.executorOf(request);
    }
}
