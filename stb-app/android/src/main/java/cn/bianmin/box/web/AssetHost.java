package cn.bianmin.box.web;

import android.content.Context;
import android.content.res.AssetManager;
import android.net.Uri;
import android.webkit.WebResourceResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The one host that exists for the page: this app's own files. Every request of the WebView ends here, and whatever is
 * not such a file is refused, so that the shell's objects are seen by our own page alone. (`file://` has no origin
 * that anything could be granted to.)
 */
public final class AssetHost {
    /** RFC 6761 §6.4: a name that no server can have. */
    public static final String ORIGIN = "https://app.bianmin.invalid";
    public static final String START = ORIGIN + "/";

    private static final String FOLDER = "pages/";
    private static final String INDEX = "index.html";
    private static final Pattern PATH = Pattern.compile("(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)+");
    private static final String CSP =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
                    + "media-src 'self'; connect-src 'self'; frame-src 'none'; child-src 'none'; object-src 'none'; "
                    + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final Assets assets;

    public AssetHost(Context context) {
        final AssetManager manager = context.getAssets();
        assets =
                new Assets() {
                    @Override
                    public InputStream open(String path) throws IOException {
                        return manager.open(path);
                    }
                };
    }

    AssetHost(Assets assets) {
        this.assets = assets;
    }

    /** Never null: that would let the WebView ask the network. Any thread. */
    public WebResourceResponse answer(String method, Uri url) {
        String path = url.getEncodedPath();
        if (!"GET".equals(method) || !isOurs(url) || path == null) return refused(403, "Forbidden");
        if (path.isEmpty() || path.equals("/")) path = "/" + INDEX;
        if (!PATH.matcher(path).matches()) return refused(404, "Not Found");
        try {
            InputStream body = assets.open(FOLDER + path.substring(1));
            String type = Mime.of(path);
            return new WebResourceResponse(type, Mime.encodingOf(type), 200, "OK", headers(), body);
        } catch (IOException e) {
            return refused(404, "Not Found");
        }
    }

    private static boolean isOurs(Uri url) {
        return (url.getScheme() + "://" + url.getEncodedAuthority()).equals(ORIGIN);
    }

    private static WebResourceResponse refused(int status, String reason) {
        InputStream nothing = new ByteArrayInputStream(new byte[0]);
        return new WebResourceResponse("text/plain", "UTF-8", status, reason, headers(), nothing);
    }

    private static Map<String, String> headers() {
        Map<String, String> headers = new HashMap<>();
        headers.put("Content-Security-Policy", CSP);
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put("Referrer-Policy", "no-referrer");
        headers.put("Cache-Control", "no-store");
        return headers;
    }
}
