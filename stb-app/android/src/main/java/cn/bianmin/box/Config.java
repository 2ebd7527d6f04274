package cn.bianmin.box;

import android.content.Context;
import android.content.res.Resources;
import android.util.Base64;
import java.nio.charset.Charset;

/** What the build put in: one server, and what it is known by. */
public final class Config {
    /** Origin and, if there is one, the path before `/v1`; no trailing slash. */
    public final String serverUrl;
    public final String helpPhone;
    public final boolean sandbox;
    /** SubjectPublicKeyInfo of the key that signs the time; empty where a debug build has none. */
    public final byte[] timeKey;
    /** The root of releases as it was signed; empty where a debug build has none, and takes none. */
    public final String releaseRoot;
    /** X.509 certificates, DER, one after the other: our own anchors beside the system's. */
    public final byte[] anchors;

    private Config(Resources resources) {
        serverUrl = resources.getString(R.string.server_url);
        helpPhone = resources.getString(R.string.help_phone);
        sandbox = resources.getBoolean(R.bool.sandbox);
        timeKey = Base64.decode(resources.getString(R.string.time_key), Base64.DEFAULT);
        byte[] root = Base64.decode(resources.getString(R.string.release_root), Base64.DEFAULT);
        releaseRoot = new String(root, Charset.forName("UTF-8"));
        anchors = Base64.decode(resources.getString(R.string.anchors), Base64.DEFAULT);
    }

    public static Config of(Context context) {
        return new Config(context.getResources());
    }
}
