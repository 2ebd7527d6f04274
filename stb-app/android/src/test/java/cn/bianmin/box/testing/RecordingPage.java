package cn.bianmin.box.testing;

import cn.bianmin.box.bridge.Page;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.json.JSONObject;

/** A page that keeps what it is told. */
public final class RecordingPage implements Page {
    private static final int PATIENCE = 100;

    private final Map<String, List<JSONObject>> answers = new HashMap<>();
    private final List<String> events = new ArrayList<>();

    @Override
    public synchronized void call(String object, String method, String... arguments) {
        if (method.equals("answer")) {
            answers.computeIfAbsent(arguments[0], id -> new ArrayList<>()).add(parse(arguments[1]));
        } else {
            events.add(method + " " + arguments[0]);
        }
        notifyAll();
    }

    /** Waits for the answer. */
    public synchronized JSONObject answer(String id) throws InterruptedException {
        // The clock stands still in these tests.
        for (int waits = 0; !answers.containsKey(id); waits++) {
            if (waits == PATIENCE) throw new AssertionError("no answer to " + id);
            wait(100);
        }
        return answers.get(id).get(0);
    }

    public synchronized int answersTo(String id) {
        return answers.containsKey(id) ? answers.get(id).size() : 0;
    }

    /** Each as the method's name and its argument. */
    public synchronized List<String> events() {
        return new ArrayList<>(events);
    }

    private static JSONObject parse(String text) {
        try {
            return new JSONObject(text);
        } catch (org.json.JSONException e) {
            throw new AssertionError(e);
        }
    }
}
