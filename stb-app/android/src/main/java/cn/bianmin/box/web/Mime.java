package cn.bianmin.box.web;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Media types by a file's ending: `nosniff` forbids guessing. */
final class Mime {
    private static final Map<String, String> TYPES = new HashMap<>();

    static {
        TYPES.put("html", "text/html");
        TYPES.put("js", "application/javascript");
        TYPES.put("css", "text/css");
        TYPES.put("json", "application/json");
        TYPES.put("svg", "image/svg+xml");
        TYPES.put("png", "image/png");
        TYPES.put("jpg", "image/jpeg");
        TYPES.put("webp", "image/webp");
        TYPES.put("ico", "image/x-icon");
        TYPES.put("woff", "application/font-woff");
        TYPES.put("woff2", "font/woff2");
        TYPES.put("ttf", "font/ttf");
        TYPES.put("mp3", "audio/mpeg");
        TYPES.put("ogg", "audio/ogg");
        TYPES.put("m4a", "audio/mp4");
        TYPES.put("txt", "text/plain");
    }

    private Mime() {}

    static String of(String path) {
        String ending = path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        String type = TYPES.get(ending);
        return type == null ? "application/octet-stream" : type;
    }

    /** Null for bytes. */
    static String encodingOf(String type) {
        boolean text = type.startsWith("text/") || type.endsWith("javascript") || type.endsWith("json");
        return text || type.endsWith("+xml") ? "UTF-8" : null;
    }
}
