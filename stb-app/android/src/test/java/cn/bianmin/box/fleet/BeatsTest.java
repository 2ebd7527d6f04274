package cn.bianmin.box.fleet;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import cn.bianmin.box.BoxApplication;
import cn.bianmin.box.bridge.Failure;
import cn.bianmin.box.net.HttpAnswer;
import cn.bianmin.box.net.HttpRequest;
import cn.bianmin.box.store.DurableFile;
import cn.bianmin.box.testing.TestVault;
import cn.bianmin.box.time.TrustedTime;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.json.JSONObject;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;

@RunWith(RobolectricTestRunner.class)
public class BeatsTest {
    private static final String BEAT = "/v1/terminal/heartbeat";

    @Rule public final TemporaryFolder temporary = new TemporaryFolder();

    private final List<HttpRequest> sent = new ArrayList<>();
    private final List<HttpAnswer> answers = new ArrayList<>();
    private TestVault vault;
    private FleetMemory memory;
    private Beats beats;
    private long elapsedMs = 1_000;
    private boolean away;
    private boolean blocked;

    @Before
    public void make() throws Exception {
        vault = new TestVault("EC");
        memory = memory();
        TrustedTime time = new TrustedTime(new byte[0], this::answer, () -> elapsedMs);
        TerminalApi api = new TerminalApi("https://box.example/api", this::answer, vault, time, () -> elapsedMs);
        Vitals vitals =
                new Vitals(
                        "0.7.0",
                        BoxApplication.of(RuntimeEnvironment.getApplication()).readers(),
                        memory,
                        time,
                        temporary.getRoot());
        beats = new Beats(api, vitals, memory, () -> blocked, new Random(1));
    }

    private FleetMemory memory() {
        return new FleetMemory(new DurableFile(new File(temporary.getRoot(), "fleet.json")), () -> elapsedMs);
    }

    private HttpAnswer answer(HttpRequest request) throws Failure {
        sent.add(request);
        if (away) throw new Failure("http.unavailable");
        if (request.path.equals("/v1/terminal/token")) {
            return json(200, "{\"accessToken\":\"a.b.c\",\"tokenType\":\"DPoP\",\"expiresIn\":600}");
        }
        return answers.isEmpty() ? json(200, "{\"nextMs\":3600000}") : answers.remove(0);
    }

    private static HttpAnswer json(int status, String text) {
        return new HttpAnswer(status, Collections.emptyMap(), text.getBytes(StandardCharsets.UTF_8));
    }

    private static HttpAnswer busy(String seconds) {
        Map<String, String> headers = Collections.singletonMap("retry-after", seconds);
        return new HttpAnswer(503, headers, "{\"code\":\"server.busy\"}".getBytes(StandardCharsets.UTF_8));
    }

    private JSONObject lastBody() throws Exception {
        return new JSONObject(new String(sent.get(sent.size() - 1).body, StandardCharsets.UTF_8));
    }

    @Test
    public void saysVersionEngineDiskAndWhatWasCounted() throws Exception {
        memory.engine("Chrome/37");
        memory.fault("usb.io");
        memory.fault("usb.io");
        memory.fault("A sentence with a name");
        Beats.Next next = beats.beat(3);
        assertEquals(3_600_000, next.waitMs);
        assertEquals(0, next.missed);
        assertEquals(BEAT, sent.get(1).path);
        assertEquals("DPoP a.b.c", sent.get(1).headers.get("Authorization"));
        JSONObject body = lastBody();
        assertEquals("0.7.0", body.getString("version"));
        assertEquals("android", body.getString("platform"));
        assertEquals("Chrome/37", body.getString("engine"));
        assertEquals(0, body.getJSONArray("readers").length());
        assertTrue(body.has("diskFreeMb"));
        // The system's clock is all that it knows.
        assertFalse(body.has("clockSkewMs"));
        assertEquals(
                "[{\"code\":\"other.codes\",\"count\":1},{\"code\":\"usb.io\",\"count\":2}]",
                body.getJSONArray("errors").toString());
    }

    @Test
    public void saysWhetherItSells() throws Exception {
        beats.beat(0);
        assertFalse(lastBody().getBoolean("blocked"));
        blocked = true;
        beats.beat(0);
        assertTrue(lastBody().getBoolean("blocked"));
    }

    @Test
    public void aCountIsToldOnceAndKeptWhileTheServerIsAway() throws Exception {
        memory.fault("usb.stall");
        away = true;
        assertEquals(1, beats.beat(0).missed);
        memory.fault("usb.stall");
        memory.keep();
        // The process ended meanwhile.
        assertEquals("{usb.stall=2}", memory().take().toString());
        away = false;
        beats.beat(1);
        assertTrue(lastBody().toString().contains("\"count\":2"));
        beats.beat(0);
        assertEquals(0, lastBody().getJSONArray("errors").length());
        assertTrue(memory().take().isEmpty());
    }

    @Test
    public void waitsLongerWithEachThatIsNotAnswered() {
        away = true;
        int missed = 0;
        long most = 0;
        for (int i = 0; i < 12; i++) {
            Beats.Next next = beats.beat(missed);
            assertEquals(++missed, next.missed);
            assertFalse(next.told);
            long longest = Math.min(3_600_000, 60_000L << (missed - 1));
            assertTrue(next.waitMs + " after " + missed, next.waitMs >= 60_000 && next.waitMs <= 60_000 + longest);
            most = Math.max(most, next.waitMs);
        }
        assertTrue("spread " + most, most > 600_000);
        assertEquals(60_000 + 3_600_000, BeatWait.afterSilence(Integer.MAX_VALUE, 1));
    }

    @Test
    public void comesAgainWhenABusyServerSaysSo() {
        answers.add(busy("120"));
        Beats.Next next = beats.beat(0);
        assertTrue(next.told);
        assertTrue("" + next.waitMs, next.waitMs >= 120_000 && next.waitMs <= 121_000);
        answers.add(busy("soon"));
        assertFalse(beats.beat(0).told);
    }

    @Test
    public void oneThatNobodyAcceptedAsksSeldom() {
        Map<String, String> headers = Collections.singletonMap("retry-after", "10");
        answers.add(new HttpAnswer(403, headers, "{\"code\":\"terminal.pending\"}".getBytes(StandardCharsets.UTF_8)));
        Beats.Next next = beats.beat(5);
        assertFalse(next.told);
        assertEquals(6, next.missed);
        assertTrue(next.waitMs >= 60_000);
    }

    @Test
    public void makesNoKeysWhereNobodyHasOpenedTheApp() {
        vault.made = false;
        assertEquals(1, beats.beat(0).missed);
        assertTrue(sent.isEmpty());
    }

    @Test
    public void aTokenIsKeptForItsLifeAndAnotherTakenWhereItIsRefused() {
        beats.beat(0);
        beats.beat(0);
        assertEquals(3, sent.size());
        elapsedMs += 541_000;
        beats.beat(0);
        assertEquals("/v1/terminal/token", sent.get(3).path);
        answers.add(json(401, "{\"code\":\"auth.expired\"}"));
        assertEquals(0, beats.beat(0).missed);
        assertEquals("/v1/terminal/token", sent.get(sent.size() - 2).path);
    }

    @Test
    public void manyCodesAreCountedTogetherFromTheThirtySecondOn() {
        for (int i = 0; i < 40; i++) memory.fault("usb.n" + i);
        Map<String, Integer> counted = memory.take();
        assertEquals(32, counted.size());
        assertEquals(9, (int) counted.get("other.codes"));
    }

    @Test
    public void whatIsNotItsOwnFileIsBegunAnew() throws Exception {
        new DurableFile(new File(temporary.getRoot(), "fleet.json")).write("[1".getBytes(StandardCharsets.UTF_8));
        FleetMemory broken = memory();
        assertEquals("", broken.engine());
        broken.fault("usb.io");
        assertEquals("{usb.io=1}", broken.take().toString());
    }
}
