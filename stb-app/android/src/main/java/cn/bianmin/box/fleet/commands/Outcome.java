package cn.bianmin.box.fleet.commands;

import cn.bianmin.box.bridge.Answer;
import org.json.JSONException;
import org.json.JSONObject;

/** What became of a command, as the server hears it: `shared/purchase/src/api/command.ts`. */
final class Outcome {
    static final Outcome DONE = new Outcome("done", null, null);

    /** `done`, `failed` or `refused`. */
    final String word;
    /** Why it was not done; null otherwise. */
    final String code;
    /** Of the report that was sent; null otherwise. */
    final String reportNo;

    private Outcome(String word, String code, String reportNo) {
        this.word = word;
        this.code = code;
        this.reportNo = reportNo;
    }

    static Outcome failed(String code) {
        return new Outcome("failed", code, null);
    }

    static Outcome refused(String code) {
        return new Outcome("refused", code, null);
    }

    static Outcome reported(String reportNo) {
        return new Outcome("done", null, reportNo);
    }

    /** A null leaves a field out. */
    JSONObject toJson() {
        JSONObject json = Answer.put(new JSONObject(), "outcome", word);
        return Answer.put(Answer.put(json, "code", code), "reportNo", reportNo);
    }

    static Outcome of(JSONObject json) throws JSONException {
        return new Outcome(json.getString("outcome"), textOrNull(json, "code"), textOrNull(json, "reportNo"));
    }

    private static String textOrNull(JSONObject json, String name) throws JSONException {
        return json.has(name) ? json.getString(name) : null;
    }
}
