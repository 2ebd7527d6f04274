package cn.bianmin.box.net;

import cn.bianmin.box.bridge.Failure;
import cn.bianmin.box.time.TrustedTime;

/** The server once the time is known: certificates are judged by no other clock. */
public final class TimedServer implements Server {
    private final TrustedTime time;
    private final Server server;

    public TimedServer(TrustedTime time, Server server) {
        this.time = time;
        this.server = server;
    }

    @Override
    public HttpAnswer send(HttpRequest request) throws Failure {
        time.require();
        return server.send(request);
    }
}
