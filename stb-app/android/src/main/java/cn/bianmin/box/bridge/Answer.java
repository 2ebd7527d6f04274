package cn.bianmin.box.bridge;

import org.json.JSONException;
import org.json.JSONObject;

/** Answers as JSON. */
public final class Answer {
    private Answer() {}

    public static JSONObject ok() {
        return put(new JSONObject(), "ok", true);
    }

    public static JSONObject failed(String code) {
        return put(put(new JSONObject(), "ok", false), "code", code);
    }

    /** `JSONObject.put` without its checked exception, which only a null name or a number that is none brings. */
    public static JSONObject put(JSONObject object, String name, Object value) {
        try {
            return object.put(name, value);
        } catch (JSONException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
