package cn.bianmin.box.net;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import cn.bianmin.box.bridge.Failure;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;

/** Over plain HTTP to a server of the test, as a sandbox build may. */
@RunWith(RobolectricTestRunner.class)
public class HttpServerTest {
    private com.sun.net.httpserver.HttpServer far;

    @Before
    public void start() throws Exception {
        far = com.sun.net.httpserver.HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        far.createContext("/api/v1/echo", HttpServerTest::echo);
        far.createContext("/api/v1/away", exchange -> {
            exchange.getResponseHeaders().add("Location", "/api/v1/echo");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        far.createContext("/api/v1/long", exchange -> answer(exchange, 200, new byte[(2 << 20) + 1]));
        far.createContext("/api/v1/refused", exchange -> answer(exchange, 409, "{\"code\":\"x\"}".getBytes()));
        far.createContext("/api/v1/broken", HttpExchange::close);
        far.start();
    }

    @After
    public void stop() {
        far.stop(0);
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static void echo(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().add("X-Seen", exchange.getRequestMethod());
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String proof = exchange.getRequestHeaders().getFirst("DPoP");
        answer(exchange, 200, (exchange.getRequestURI() + " " + proof + " " + body).getBytes(StandardCharsets.UTF_8));
    }

    private HttpServer server(boolean sandbox) {
        String url = "http://127.0.0.1:" + far.getAddress().getPort() + "/api";
        return new HttpServer(url, sandbox, Tls.socketFactory(new Anchors(new byte[0]), DateOf.OWN_BEGINNING));
    }

    private static String failure(HttpServer server, String path) {
        return assertThrows(Failure.class, () -> server.send(new HttpRequest("GET", path))).code;
    }

    @Test
    public void carriesTextBothWays() throws Exception {
        HttpRequest request = new HttpRequest("POST", "/v1/echo?a=b");
        request.headers.put("DPoP", "proof");
        request.body = "户号".getBytes(StandardCharsets.UTF_8);
        HttpAnswer answer = server(true).send(request);
        assertEquals(200, answer.status);
        assertEquals("/api/v1/echo?a=b proof 户号", answer.text());
        assertEquals("POST", answer.headers.get("x-seen"));
    }

    @Test
    public void aRefusalIsAnAnswer() throws Exception {
        HttpAnswer answer = server(true).send(new HttpRequest("GET", "/v1/refused"));
        assertEquals(409, answer.status);
        assertEquals("{\"code\":\"x\"}", answer.text());
    }

    @Test
    public void followsNoRedirect() throws Exception {
        assertEquals(302, server(true).send(new HttpRequest("GET", "/v1/away")).status);
    }

    @Test
    public void anAnswerThatIsTooLongOrBrokenIsNone() {
        assertEquals("http.unavailable", failure(server(true), "/v1/long"));
        assertEquals("http.unavailable", failure(server(true), "/v1/broken"));
        far.stop(0);
        assertEquals("http.unavailable", failure(server(true), "/v1/echo"));
    }

    @Test
    public void withoutTlsNothingIsSentButInTheSandbox() {
        assertEquals("http.unavailable", failure(server(false), "/v1/echo"));
    }
}
