package cn.bianmin.box.fleet.commands;

import cn.bianmin.box.bridge.Failure;
import cn.bianmin.box.fleet.FleetMemory;
import cn.bianmin.box.net.HttpAnswer;
import cn.bianmin.box.net.HttpRequest;
import cn.bianmin.box.net.Server;

/** Hears from the answer to the page's enrolment whose commands are taken. */
final class PageServer implements Server {
    private static final String ENROL = "/v1/terminal/enrol";

    private final Server server;
    private final CommandTrust trust;
    private final FleetMemory memory;

    PageServer(Server server, CommandTrust trust, FleetMemory memory) {
        this.server = server;
        this.trust = trust;
        this.memory = memory;
    }

    @Override
    public HttpAnswer send(HttpRequest request) throws Failure {
        HttpAnswer answer = server.send(request);
        boolean enrolled = answer.status == 200 && ENROL.equals(request.path);
        if (enrolled && !trust.hear(answer.text())) memory.fault("command.other-key");
        return answer;
    }
}
