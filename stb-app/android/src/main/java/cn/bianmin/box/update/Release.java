package cn.bianmin.box.update;

import java.util.regex.Pattern;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;

/** A release that two of its signers signed, and where the server has it: docs/protocol/box-shell.md, "A release". */
final class Release {
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern FOLDER = Pattern.compile("/(?:v1|updates)/[A-Za-z0-9._/-]{1,500}/");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}\\.apk");
    /** More than the app with fonts and voices will ever have. */
    private static final long MOST_BYTES = 64L << 20;

    final int versionCode;
    final String versionName;
    final String path;
    /** Hex, small letters, as is the next. */
    final String sha256;
    final String signerSha256;
    final long bytes;

    /** `folder`: as the server names it, with `/` at its end; refused unless it matches `FOLDER`. */
    Release(JSONObject manifest, String folder) throws JSONException {
        JSONObject box = manifest.getJSONObject("box");
        JSONArray files = manifest.getJSONArray("files");
        if (files.length() != 1) throw new JSONException("files");
        JSONObject file = files.getJSONObject(0);
        versionCode = (int) whole(box, "versionCode", Integer.MAX_VALUE);
        versionName = manifest.getString("version");
        if (!FOLDER.matcher(folder).matches()) throw new JSONException("path");
        path = folder + matching(file, "name", NAME);
        sha256 = matching(file, "sha256", SHA_256);
        signerSha256 = matching(box, "signerSha256", SHA_256);
        bytes = whole(file, "bytes", MOST_BYTES);
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
