package cn.bianmin.box.net;

import cn.bianmin.box.bridge.Failure;

/** The one server. */
public interface Server {
    /** Blocks; fails with `http.unavailable` or `http.untrusted`. Follows no redirect. */
    HttpAnswer send(HttpRequest request) throws Failure;
}
