package cn.bianmin.box.bridge;

import android.util.Base64;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;

/** A page's request, read strictly: a field that is not of its kind fails with the border's code for that. */
public final class Request {
    public final String op;
    private final JSONObject fields;
    private final String badRequest;

    private Request(JSONObject fields, String op, String badRequest) {
        this.fields = fields;
        this.op = op;
        this.badRequest = badRequest;
    }

    /** `badRequest`: the code of a request that is not as agreed. */
    public static Request parse(String text, String badRequest) throws Failure {
        try {
            JSONObject fields = new JSONObject(text);
            Object op = fields.opt("op");
            if (!(op instanceof String)) throw new Failure(badRequest);
            return new Request(fields, (String) op, badRequest);
        } catch (JSONException | RuntimeException | StackOverflowError e) {
            throw new Failure(badRequest);
        }
    }

    public Failure bad() {
        return new Failure(badRequest);
    }

    public String text(String name) throws Failure {
        Object value = fields.opt(name);
        if (!(value instanceof String)) throw bad();
        return (String) value;
    }

    /** Null where the field is not there. */
    public String textOrNull(String name) throws Failure {
        return fields.has(name) ? text(name) : null;
    }

    public boolean flag(String name) throws Failure {
        Object value = fields.opt(name);
        if (value == null) return false;
        if (!(value instanceof Boolean)) throw bad();
        return (Boolean) value;
    }

    /** A whole number within the bounds, which it may reach. */
    public int number(String name, int least, int most) throws Failure {
        Object value = fields.opt(name);
        if (!(value instanceof Number)) throw bad();
        double number = ((Number) value).doubleValue();
        if (number != Math.rint(number) || number < least || number > most) throw bad();
        return (int) number;
    }

    public byte[] bytes(String name) throws Failure {
        String text = text(name);
        // Android's decoder passes over what it does not know.
        if (text.length() % 4 != 0 || !isBase64(text)) throw bad();
        return Base64.decode(text, Base64.NO_WRAP);
    }

    public JSONObject object(String name) throws Failure {
        Object value = fields.opt(name);
        if (!(value instanceof JSONObject)) throw bad();
        return (JSONObject) value;
    }

    public int[] numbers(String name) throws Failure {
        Object value = fields.opt(name);
        if (!(value instanceof JSONArray)) throw bad();
        JSONArray array = (JSONArray) value;
        int[] numbers = new int[array.length()];
        for (int i = 0; i < numbers.length; i++) {
            Object each = array.opt(i);
            if (!(each instanceof Integer)) throw bad();
            numbers[i] = (Integer) each;
        }
        return numbers;
    }

    private static boolean isBase64(String text) {
        int end = text.length();
        if (text.endsWith("==")) end -= 2;
        else if (text.endsWith("=")) end -= 1;
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            boolean known =
                    (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
            if (!known) return false;
        }
        return true;
    }
}
