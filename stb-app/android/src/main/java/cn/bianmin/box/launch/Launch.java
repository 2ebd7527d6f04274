package cn.bianmin.box.launch;

import android.content.Intent;
import android.net.Uri;
import java.util.regex.Pattern;
import org.json.JSONException;
import org.json.JSONObject;

/**
 * What the intent that started the app may tell. The activity is exported, so any app writes these extras: three of
 * them are read, by their pattern; the token is only exchanged at the server, and nothing else is believed.
 */
public final class Launch {
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{22,64}");
    private static final Pattern PRINTABLE = Pattern.compile("[\\x21-\\x7e]{1,2048}");
    /** Portals whose middleware passes one extra on put both into it as JSON. */
    private static final String JSON_EXTRA = "bianmin";
    private static final String TOKEN_NAME = "token";
    private static final String BACK_URL_NAME = "backUrl";
    private static final String MODE_NAME = "mode";
    private static final String READER = "reader";
    private static final Launch NOTHING = new Launch(null, null, false);

    /** Null where there is none, as is the next. */
    public final String token;
    public final String backUrl;
    /** The portal's own page stays in front; without a token there is no such page. */
    public final boolean reader;

    private Launch(String token, String backUrl, boolean reader) {
        this.token = token;
        this.backUrl = backUrl;
        this.reader = reader && token != null;
    }

    public static Launch of(Intent intent) {
        // From the list of recent apps the old intent comes again.
        if (intent == null || (intent.getFlags() & Intent.FLAG_ACTIVITY_LAUNCHED_FROM_HISTORY) != 0) return NOTHING;
        try {
            JSONObject json = json(intent.getStringExtra(JSON_EXTRA));
            String token = first(intent.getStringExtra(TOKEN_NAME), json.opt(TOKEN_NAME));
            String backUrl = first(intent.getStringExtra(BACK_URL_NAME), json.opt(BACK_URL_NAME));
            String mode = first(intent.getStringExtra(MODE_NAME), json.opt(MODE_NAME));
            return new Launch(
                    isToken(token) ? token : null, isBackUrl(backUrl) ? backUrl : null, READER.equals(mode));
        } catch (RuntimeException e) {
            // An extra of a class that we do not have breaks all of them.
            return NOTHING;
        }
    }

    public static boolean isBackUrl(String text) {
        if (text == null || !PRINTABLE.matcher(text).matches()) return false;
        Uri uri = Uri.parse(text);
        String scheme = uri.getScheme();
        boolean web = "http".equals(scheme) || "https".equals(scheme);
        return web && uri.getHost() != null && !uri.getHost().isEmpty() && uri.getUserInfo() == null;
    }

    boolean isEmpty() {
        return token == null && backUrl == null;
    }

    private static boolean isToken(String text) {
        return text != null && TOKEN.matcher(text).matches();
    }

    private static String first(String plain, Object inJson) {
        if (plain != null && !plain.isEmpty()) return plain;
        return inJson instanceof String ? (String) inJson : null;
    }

    private static JSONObject json(String text) {
        try {
            return text == null || text.length() > 4096 ? new JSONObject() : new JSONObject(text);
        } catch (JSONException | StackOverflowError e) {
            return new JSONObject();
        }
    }
}
