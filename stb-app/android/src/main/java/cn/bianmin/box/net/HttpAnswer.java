package cn.bianmin.box.net;

import java.nio.charset.Charset;
import java.util.Map;

/** What the server answered. */
public final class HttpAnswer {
    private static final Charset UTF_8 = Charset.forName("UTF-8");

    public final int status;
    /** Names in small letters. */
    public final Map<String, String> headers;
    public final byte[] body;

    public HttpAnswer(int status, Map<String, String> headers, byte[] body) {
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    public String text() {
        return new String(body, UTF_8);
    }
}
