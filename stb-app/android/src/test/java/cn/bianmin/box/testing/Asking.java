package cn.bianmin.box.testing;

import cn.bianmin.box.bridge.Bridge;
import org.json.JSONObject;

/** Asks a bridge as a page does. */
public final class Asking {
    private final Bridge bridge;
    private final RecordingPage page;
    private int count;

    public Asking(Bridge bridge, RecordingPage page) {
        this.bridge = bridge;
        this.page = page;
    }

    /** The id of a question whose answer comes later. Single quotes stand for double ones. */
    public String begin(String request) {
        String id = String.valueOf(++count);
        bridge.call(id, request.replace('\'', '"'));
        return id;
    }

    public JSONObject ask(String request) throws InterruptedException {
        return page.answer(begin(request));
    }

    /** `ok`, or the code of its failure. */
    public String outcome(String request) throws InterruptedException {
        return outcomeOf(ask(request));
    }

    public static String outcomeOf(JSONObject answer) {
        return answer.optBoolean("ok") ? "ok" : answer.optString("code");
    }
}
