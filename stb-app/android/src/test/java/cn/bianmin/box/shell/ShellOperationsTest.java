package cn.bianmin.box.shell;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import android.content.Intent;
import android.os.Build;
import android.util.Base64;
import cn.bianmin.box.BoxApplication;
import cn.bianmin.box.bridge.Bridge;
import cn.bianmin.box.bridge.Failure;
import cn.bianmin.box.bridge.Workers;
import cn.bianmin.box.keys.KeyVault;
import cn.bianmin.box.keys.PublicKeys;
import cn.bianmin.box.net.HttpAnswer;
import cn.bianmin.box.net.HttpRequest;
import cn.bianmin.box.testing.Asking;
import cn.bianmin.box.testing.RecordingPage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.json.JSONObject;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;

/** docs/protocol/box-shell.md, request by request. */
@RunWith(RobolectricTestRunner.class)
public class ShellOperationsTest {
    private static final String TOKEN = "AbCdEfGhIjKlMnOpQrSt_-12";

    private final RecordingPage page = new RecordingPage();
    private final Parts parts = BoxApplication.of(RuntimeEnvironment.getApplication()).parts();
    private final List<String> left = new ArrayList<>();
    private final List<HttpRequest> sent = new ArrayList<>();
    private Failure refusal;
    private Asking asking;

    @Before
    public void set() {
        Screen screen =
                new Screen() {
                    @Override
                    public String engine() {
                        return "Chrome/37";
                    }

                    @Override
                    public void leave(String backUrl) {
                        left.add(String.valueOf(backUrl));
                    }
                };
        parts.server =
                request -> {
                    sent.add(request);
                    if (refusal != null) throw refusal;
                    return new HttpAnswer(409, Collections.singletonMap("retry-after", "1"), "{\"a\":\"户\"}".getBytes());
                };
        parts.keys =
                new KeyVault() {
                    @Override
                    public PublicKeys publicKeys(boolean renew) throws Failure {
                        throw new Failure(renew ? "shell.io" : "shell.keys-lost");
                    }

                    @Override
                    public PublicKeys madeKeys() {
                        return null;
                    }

                    @Override
                    public byte[] sign(byte[] data) {
                        return new byte[] {(byte) data.length};
                    }

                    @Override
                    public String unseal(String jwe) {
                        return "opened " + jwe;
                    }
                };
        ShellEvents events = new ShellEvents(page);
        ShellOperations shell =
                new ShellOperations(parts, screen, events, Workers.parallel("test"), Workers.serial("test-store"));
        asking = new Asking(new Bridge(shell, page, ShellOperations.PAGE_OBJECT), page);
    }

    private static String http(String method, String path, String rest) {
        return "{'op':'http','method':'" + method + "','path':'" + path + "'," + rest + ",'timeoutMs':1000}";
    }

    @Test
    public void helloTellsTheFactsAndThenTheNetwork() throws Exception {
        JSONObject facts = asking.ask("{'op':'hello','version':1}").getJSONObject("facts");
        assertEquals("0.1.0", facts.getString("appVersion"));
        assertEquals(Build.VERSION.SDK_INT, facts.getInt("androidApi"));
        assertEquals("Chrome/37", facts.getString("engine"));
        assertEquals("https://box.example", facts.getString("serverUrl"));
        assertTrue(facts.getBoolean("sandbox"));
        assertFalse(facts.has("lastCrash"));
        assertEquals("shell.bad-request", asking.outcome("{'op':'hello','version':2}"));
    }

    @Test
    public void aCrashIsToldOnceWithoutItsWords() throws Exception {
        parts.crashes.uncaughtException(
                Thread.currentThread(), new IllegalStateException("code 123456", new RuntimeException("name")));
        String crash = asking.ask("{'op':'hello','version':1}").getJSONObject("facts").getString("lastCrash");
        assertTrue(crash, crash.contains("java.lang.IllegalStateException\n") && crash.contains("ShellOperationsTest"));
        assertFalse(crash, crash.contains("123456") || crash.contains("name\n"));
        assertFalse(asking.ask("{'op':'hello','version':1}").getJSONObject("facts").has("lastCrash"));
    }

    @Test
    public void keysSignAndOpen() throws Exception {
        assertEquals("shell.keys-lost", asking.outcome("{'op':'keys'}"));
        assertEquals("shell.io", asking.outcome("{'op':'keys','renew':true}"));
        byte[] signature = Base64.decode(asking.ask("{'op':'sign','data':'AQID'}").getString("signature"), 0);
        assertEquals(3, signature[0]);
        assertEquals("opened x", asking.ask("{'op':'unseal','jwe':'x'}").getString("text"));
    }

    @Test
    public void httpGoesToTheServerAndNowhereElse() throws Exception {
        JSONObject answer = asking.ask(http("POST", "/v1/orders?a=b", "'headers':{'DPoP':'p'},'body':'{}'"));
        assertEquals(409, answer.getInt("status"));
        assertEquals("1", answer.getJSONObject("headers").getString("retry-after"));
        assertEquals("{\"a\":\"户\"}", answer.getString("body"));
        assertEquals("p", sent.get(0).headers.get("DPoP"));
        String[] wrong = {
            http("GET", "/v2/x", "'headers':{}"),
            http("GET", "https://evil.example/v1/", "'headers':{}"),
            http("GET", "@evil.example/v1/", "'headers':{}"),
            http("GET", "/v1/../admin", "'headers':{}"),
            http("GET", "/v1/x y", "'headers':{}"),
            http("TRACE", "/v1/x", "'headers':{}"),
            http("GET", "/v1/x", "'headers':{},'body':'x'"),
            http("GET", "/v1/x", "'headers':{'Host':'evil.example'}"),
            http("GET", "/v1/x", "'headers':{'A':'b\\r\\nC: d'}"),
            http("GET", "/v1/x", "'headers':{'A B':'c'}"),
            http("GET", "/v1/x", "'headers':null"),
        };
        for (String request : wrong) assertEquals(request, "shell.bad-request", asking.outcome(request));
        assertEquals(1, sent.size());
        refusal = new Failure("http.untrusted");
        assertEquals("http.untrusted", asking.outcome(http("GET", "/v1/x", "'headers':{}")));
    }

    @Test
    public void theStoreKeepsItsOrder() throws Exception {
        String last = null;
        for (int i = 0; i < 20; i++) {
            last = asking.begin("{'op':'storePut','shelf':'journal','name':'a','value':'" + i + "'}");
        }
        JSONObject got = asking.ask("{'op':'storeGet','shelf':'journal','name':'a'}");
        assertEquals("19", got.getString("value"));
        assertTrue(page.answer(last).getBoolean("ok"));
        assertEquals("[\"a\"]", asking.ask("{'op':'storeList','shelf':'journal'}").getJSONArray("names").toString());
        assertEquals("ok", asking.outcome("{'op':'storeRemove','shelf':'journal','name':'a'}"));
        assertFalse(asking.ask("{'op':'storeGet','shelf':'journal','name':'a'}").has("value"));
        assertEquals("shell.bad-request", asking.outcome("{'op':'storeDrop','shelf':'journal'}"));
    }

    @Test
    public void theTokenIsGivenOnce() throws Exception {
        parts.launch.offer(new Intent().putExtra("token", TOKEN).putExtra("backUrl", "http://epg.example/"));
        JSONObject launch = asking.ask("{'op':'launch'}");
        assertEquals(TOKEN, launch.getString("token"));
        assertEquals("http://epg.example/", launch.getString("backUrl"));
        assertEquals("{\"ok\":true}", asking.ask("{'op':'launch'}").toString());
    }

    @Test
    public void leavesToWebAddressesOnly() throws Exception {
        assertEquals("ok", asking.outcome("{'op':'leave'}"));
        assertEquals("ok", asking.outcome("{'op':'leave','backUrl':'http://epg.example/'}"));
        assertEquals("shell.bad-request", asking.outcome("{'op':'leave','backUrl':'file:///x'}"));
        assertEquals(Arrays.asList("null", "http://epg.example/"), left);
    }

    @Test
    public void theTimeIsTheSystemsUntilItIsSigned() throws Exception {
        JSONObject time = asking.ask("{'op':'time'}");
        assertFalse(time.getBoolean("trusted"));
        assertTrue(time.has("epochMs") && time.has("monotonicMs"));
    }

    @Test
    public void anUnknownRequestIsRefused() throws Exception {
        assertEquals("shell.bad-request", asking.outcome("{'op':'exec'}"));
    }
}
