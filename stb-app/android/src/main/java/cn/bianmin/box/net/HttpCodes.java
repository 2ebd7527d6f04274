package cn.bianmin.box.net;

/** The failures of docs/protocol/box-shell.md that are about the network. */
public final class HttpCodes {
    /** No answer came; whether the server took the request is unknown. */
    public static final String UNAVAILABLE = "http.unavailable";
    /** Nothing was sent. */
    public static final String UNTRUSTED = "http.untrusted";

    private HttpCodes() {}
}
