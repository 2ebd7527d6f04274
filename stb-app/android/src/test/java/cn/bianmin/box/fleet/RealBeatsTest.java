package cn.bianmin.box.fleet;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import cn.bianmin.box.BoxApplication;
import cn.bianmin.box.keys.Base64Url;
import cn.bianmin.box.keys.Jwk;
import cn.bianmin.box.keys.PublicKeys;
import cn.bianmin.box.net.Anchors;
import cn.bianmin.box.net.DateOf;
import cn.bianmin.box.net.HttpAnswer;
import cn.bianmin.box.net.HttpRequest;
import cn.bianmin.box.net.HttpServer;
import cn.bianmin.box.net.TimedServer;
import cn.bianmin.box.net.Tls;
import cn.bianmin.box.store.DurableFile;
import cn.bianmin.box.testing.TestVault;
import cn.bianmin.box.time.MonotonicClock;
import cn.bianmin.box.time.TrustedTime;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import java.util.UUID;
import org.json.JSONObject;
import org.junit.Assume;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;

/** Tokens, proofs and beats against the server's own routes, which `npm run box:test` starts (build/apk/box-server.ts). */
@RunWith(RobolectricTestRunner.class)
public class RealBeatsTest {
    @Rule public final TemporaryFolder temporary = new TemporaryFolder();

    private final MonotonicClock clock = () -> System.nanoTime() / 1_000_000;
    private String url;
    private HttpServer far;
    private TrustedTime time;
    private FleetMemory memory;

    @Before
    public void connect() {
        url = System.getProperty("box.server");
        Assume.assumeTrue("no server was started", url != null);
        far = new HttpServer(url, true, Tls.socketFactory(new Anchors(new byte[0]), DateOf.OWN_BEGINNING));
        time = new TrustedTime(Base64.getDecoder().decode(System.getProperty("box.timeKey")), far, clock);
        memory = new FleetMemory(new DurableFile(new File(temporary.getRoot(), "fleet.json")), clock);
    }

    private TerminalApi api(TestVault vault) {
        return new TerminalApi(url, new TimedServer(time, far), vault, time, clock);
    }

    private Beats beats(TestVault vault) {
        Vitals vitals =
                new Vitals(
                        "0.7.0",
                        BoxApplication.of(RuntimeEnvironment.getApplication()).readers(),
                        memory,
                        time,
                        temporary.getRoot());
        return new Beats(api(vault), vitals, memory, new Random());
    }

    /** As the page does, and accepted by the server of this test. */
    private JSONObject enrol(TestVault vault) throws Exception {
        PublicKeys keys = vault.madeKeys();
        JSONObject header = new JSONObject().put("alg", keys.alg()).put("typ", "enrol+jws").put("jwk", Jwk.of(keys.sign));
        JSONObject payload = new JSONObject().put("signKey", Jwk.of(keys.sign)).put("sealKey", Jwk.of(keys.seal));
        payload.put("kind", "box").put("name", "a box").put("version", "0.7.0").put("jti", UUID.randomUUID().toString());
        payload.put("iat", System.currentTimeMillis() / 1000);
        String signed = part(header) + "." + part(payload);
        String jws = signed + "." + Base64Url.encode(vault.sign(signed.getBytes(StandardCharsets.UTF_8)));
        HttpRequest request = new HttpRequest("POST", "/v1/terminal/enrol");
        request.headers.put("Content-Type", "application/json");
        request.body = new JSONObject().put("jws", jws).toString().getBytes(StandardCharsets.UTF_8);
        HttpAnswer answer = far.send(request);
        assertEquals(answer.text(), 200, answer.status);
        return new JSONObject(answer.text());
    }

    private static String part(JSONObject object) {
        return Base64Url.encode(object.toString().getBytes(StandardCharsets.UTF_8));
    }

    @Test
    public void theServerTakesABeatOfEitherKindOfKey() throws Exception {
        for (String algorithm : new String[] {"EC", "RSA"}) {
            TestVault vault = new TestVault(algorithm);
            assertEquals(vault.madeKeys().terminalId(), enrol(vault).getString("terminalId"));
            memory.engine("Mozilla/5.0 Chrome/37");
            memory.fault("usb.io");
            Beats.Next next = beats(vault).beat(2);
            assertEquals(0, next.missed);
            assertEquals(3_600_000, next.waitMs);
            assertTrue(memory.take().isEmpty());
            assertTrue(time.isTrusted());
        }
    }

    @Test
    public void oneThatDidNotEnrolIsRefusedAndCountsOn() throws Exception {
        memory.fault("usb.io");
        Beats.Next next = beats(new TestVault("EC")).beat(0);
        assertEquals(1, next.missed);
        assertEquals("{usb.io=1}", memory.take().toString());
    }

    @Test
    public void aRefusalNamesItsCode() throws Exception {
        TestVault vault = new TestVault("EC");
        enrol(vault);
        Refused refused =
                assertThrows(Refused.class, () -> api(vault).post("/v1/terminal/heartbeat", new JSONObject()));
        assertEquals("request.malformed", refused.code);
    }
}
