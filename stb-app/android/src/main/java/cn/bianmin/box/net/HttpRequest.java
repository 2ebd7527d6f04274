package cn.bianmin.box.net;

import java.util.LinkedHashMap;
import java.util.Map;

/** One request to the server. */
public final class HttpRequest {
    public final String method;
    /** With query; begins with `/v1/`. */
    public final String path;
    public final Map<String, String> headers = new LinkedHashMap<>();
    /** Null: none. */
    public byte[] body;
    public int timeoutMs = 20_000;

    public HttpRequest(String method, String path) {
        this.method = method;
        this.path = path;
    }
}
