package cn.bianmin.box.bridge;

import java.util.concurrent.atomic.AtomicBoolean;
import org.json.JSONObject;

/** A page's call, which is answered exactly once, by the first that settles it. */
public abstract class Call {
    private final AtomicBoolean settled = new AtomicBoolean();

    /** Whether this was the answer. */
    public final boolean settle(JSONObject answer) {
        if (!settled.compareAndSet(false, true)) return false;
        send(answer);
        return true;
    }

    public final boolean fail(String code) {
        return settle(Answer.failed(code));
    }

    public final boolean isSettled() {
        return settled.get();
    }

    protected abstract void send(JSONObject answer);
}
