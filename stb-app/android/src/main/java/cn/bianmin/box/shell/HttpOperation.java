package cn.bianmin.box.shell;

import cn.bianmin.box.bridge.Answer;
import cn.bianmin.box.bridge.Failure;
import cn.bianmin.box.bridge.Request;
import cn.bianmin.box.net.HttpAnswer;
import cn.bianmin.box.net.HttpRequest;
import cn.bianmin.box.net.Server;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.json.JSONObject;

/** The page's requests to the server. */
final class HttpOperation {
    private static final List<String> METHODS = Arrays.asList("GET", "POST", "PUT", "PATCH", "DELETE");
    private static final Pattern PATH = Pattern.compile("/v1/[\\x21-\\x7e]{0,2000}");
    private static final Pattern HEADER_NAME = Pattern.compile("[A-Za-z0-9-]{1,64}");
    private static final Pattern HEADER_VALUE = Pattern.compile("[\\x20-\\x7e]{0,8192}");
    /** The connection's own. */
    private static final List<String> OURS =
            Arrays.asList("host", "connection", "content-length", "transfer-encoding", "cookie", "accept-encoding");
    private static final int MOST_MS = 120_000;
    private static final Charset UTF_8 = Charset.forName("UTF-8");

    private HttpOperation() {}

    static JSONObject carryOut(Request request, Server server) throws Failure {
        HttpRequest http = new HttpRequest(request.text("method"), request.text("path"));
        if (!METHODS.contains(http.method) || !isPath(http.path)) throw request.bad();
        http.timeoutMs = request.number("timeoutMs", 1, MOST_MS);
        String body = request.textOrNull("body");
        if (body != null) http.body = body.getBytes(UTF_8);
        if (body != null && http.method.equals("GET")) throw request.bad();
        readHeaders(request, http);
        HttpAnswer answer = server.send(http);
        JSONObject headers = new JSONObject();
        for (Map.Entry<String, String> header : answer.headers.entrySet()) {
            Answer.put(headers, header.getKey(), header.getValue());
        }
        JSONObject ok = Answer.put(Answer.ok(), "status", answer.status);
        return Answer.put(Answer.put(ok, "headers", headers), "body", answer.text());
    }

    /** A path that leaves `/v1/` by dots, or is read otherwise by what is in between, is none. */
    private static boolean isPath(String path) {
        return PATH.matcher(path).matches() && !path.contains("/.") && !path.contains("\\") && !path.contains("#");
    }

    private static void readHeaders(Request request, HttpRequest http) throws Failure {
        JSONObject headers = request.object("headers");
        for (Iterator<String> names = headers.keys(); names.hasNext(); ) {
            String name = names.next();
            Object value = headers.opt(name);
            boolean good = HEADER_NAME.matcher(name).matches() && !OURS.contains(name.toLowerCase(Locale.ROOT));
            if (!good || !(value instanceof String)) throw request.bad();
            if (!HEADER_VALUE.matcher((String) value).matches()) throw request.bad();
            http.headers.put(name, (String) value);
        }
    }
}
