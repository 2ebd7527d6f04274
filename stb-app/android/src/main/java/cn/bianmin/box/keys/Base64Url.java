package cn.bianmin.box.keys;

import android.util.Base64;

/** Base64 as JOSE writes it: RFC 7515 §2. */
public final class Base64Url {
    private static final int FLAGS = Base64.URL_SAFE | Base64.NO_PADDING | Base64.NO_WRAP;

    private Base64Url() {}

    public static String encode(byte[] bytes) {
        return Base64.encodeToString(bytes, FLAGS);
    }

    /** Throws `IllegalArgumentException` for text that is none. */
    public static byte[] decode(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean known =
                    (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
            if (!known) throw new IllegalArgumentException("not base64url");
        }
        if (text.length() % 4 == 1) throw new IllegalArgumentException("not base64url");
        return Base64.decode(text, FLAGS);
    }
}
