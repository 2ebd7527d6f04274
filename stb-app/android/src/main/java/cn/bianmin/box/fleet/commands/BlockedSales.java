package cn.bianmin.box.fleet.commands;

import cn.bianmin.box.bridge.Failure;
import cn.bianmin.box.net.HttpAnswer;
import cn.bianmin.box.net.HttpRequest;
import cn.bianmin.box.net.Server;
import java.nio.charset.Charset;
import java.util.Collections;
import java.util.regex.Pattern;
import org.json.JSONException;
import org.json.JSONObject;

/**
 * The server as the page's purchases see it, which begins nothing new while this box is blocked. A payer keeps their
 * right: an order that is open goes on, and a card with one that is paid is offered its write.
 */
final class BlockedSales implements Server {
    private static final Charset UTF_8 = Charset.forName("UTF-8");
    private static final String IDENTIFY = "/v1/terminal/cards/identify";
    private static final Pattern BEGINS =
            Pattern.compile(
                    "POST /v1/terminal/(?:orders|remote/orders|remote/describe|homes/[^/?]+/orders)"
                            + "|GET /v1/terminal/homes/[^/?]+");
    /** As the server says it of a terminal that is cut off for the time being: the page has words for that. */
    private static final String REFUSAL =
            "{\"type\":\"about:blank\",\"title\":\"The terminal is suspended\",\"status\":403,\"code\":\"terminal.suspended\","
                    + "\"detail\":\"This box was blocked from afar and begins nothing new.\",\"traceId\":\"box\","
                    + "\"retryable\":false}";

    private final Server server;
    private final CommandBook book;

    BlockedSales(Server server, CommandBook book) {
        this.server = server;
        this.book = book;
    }

    @Override
    public HttpAnswer send(HttpRequest request) throws Failure {
        if (!book.isBlocked()) return server.send(request);
        if (BEGINS.matcher(request.method + " " + request.path).matches()) return refusal();
        HttpAnswer answer = server.send(request);
        boolean identified = answer.status == 200 && IDENTIFY.equals(request.path);
        return identified && isNew(answer.text()) ? refusal() : answer;
    }

    /** Nothing that was begun before waits for this card. */
    private static boolean isNew(String identified) {
        try {
            return new JSONObject(identified).isNull("unfinished");
        } catch (JSONException e) {
            return false;
        }
    }

    private static HttpAnswer refusal() {
        return new HttpAnswer(
                403,
                Collections.singletonMap("content-type", "application/problem+json"),
                REFUSAL.getBytes(UTF_8));
    }
}
