package cn.bianmin.box.update;

import java.util.regex.Pattern;
import org.json.JSONException;
import org.json.JSONObject;

/** What the server says of the newest release: docs/protocol/box-shell.md, "A release". */
final class Release {
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern PATH = Pattern.compile("/(?:v1|updates)/[A-Za-z0-9._/-]{1,600}");
    /** More than the app with fonts and voices will ever have. */
    private static final long MOST_BYTES = 64L << 20;

    final int versionCode;
    final String versionName;
    final String path;
    /** Hex, small letters, as is the next. */
    final String sha256;
    final String signerSha256;
    final long bytes;

    private Release(JSONObject fields) throws JSONException {
        versionCode = (int) whole(fields, "versionCode", Integer.MAX_VALUE);
        versionName = fields.getString("versionName");
        path = matching(fields, "path", PATH);
        sha256 = matching(fields, "sha256", SHA_256);
        signerSha256 = matching(fields, "signerSha256", SHA_256);
        bytes = whole(fields, "bytes", MOST_BYTES);
    }

    static Release parse(String json) throws JSONException {
        return new Release(new JSONObject(json));
    }

    /** By name: the package's name is said apart from where it lies, and that is good for some hours. */
    static Release offered(JSONObject offer) throws JSONException {
        JSONObject fields = new JSONObject(offer.getJSONObject("box").toString());
        fields.put("path", offer.getString("path") + fields.getString("file"));
        return new Release(fields);
    }

    private static long whole(JSONObject fields, String name, long most) throws JSONException {
        Object value = fields.get(name);
        boolean number = value instanceof Integer || value instanceof Long;
        long whole = number ? ((Number) value).longValue() : 0;
        if (whole < 1 || whole > most) throw new JSONException(name);
        return whole;
    }

    private static String matching(JSONObject fields, String name, Pattern pattern) throws JSONException {
        Object value = fields.get(name);
        if (!(value instanceof String) || !pattern.matcher((String) value).matches()) throw new JSONException(name);
        return (String) value;
    }
}
