package cn.bianmin.box.fleet;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import cn.bianmin.box.BoxApplication;
import cn.bianmin.box.bridge.Failure;
import cn.bianmin.box.fleet.commands.CommandDesk;
import cn.bianmin.box.fleet.commands.Commands;
import cn.bianmin.box.fleet.commands.Deeds;
import cn.bianmin.box.net.Anchors;
import cn.bianmin.box.net.DateOf;
import cn.bianmin.box.net.HttpAnswer;
import cn.bianmin.box.net.HttpRequest;
import cn.bianmin.box.net.HttpServer;
import cn.bianmin.box.net.Server;
import cn.bianmin.box.net.TimedServer;
import cn.bianmin.box.net.Tls;
import cn.bianmin.box.store.DurableFile;
import cn.bianmin.box.store.Shelves;
import cn.bianmin.box.testing.TestVault;
import cn.bianmin.box.time.MonotonicClock;
import cn.bianmin.box.time.TrustedTime;
import java.io.File;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.json.JSONObject;
import org.junit.Assume;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;

/** Tokens, proofs and beats against the server's own routes, which `npm run box:test` starts (build/ship/apk/box-server.ts). */
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

    private Vitals vitals() {
        return new Vitals(
                "0.7.0",
                BoxApplication.of(RuntimeEnvironment.getApplication()).readers(),
                memory,
                time,
                temporary.getRoot());
    }

    private Beats beats(TestVault vault) {
        return new Beats(api(vault), vitals(), memory, () -> false, new Random());
    }

    /** As the page does, and accepted by the server of this test. */
    private JSONObject enrol(TestVault vault) throws Exception {
        HttpAnswer answer = far.send(vault.enrolment());
        assertEquals(answer.text(), 200, answer.status);
        return new JSONObject(answer.text());
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

    /** The server of this test has two commands for the box that beats first, and signs them as it does for all. */
    @Test
    public void commandsOfTheServerAreTakenDoneAndAnswered() throws Exception {
        TestVault vault = new TestVault("RSA");
        List<String> answered = new ArrayList<>();
        Server watched =
                request -> {
                    HttpAnswer answer = far.send(request);
                    answered.add(request.path.replaceFirst("commands/.*/", "commands/…/") + " " + answer.status);
                    return answer;
                };
        Report[] report = new Report[1];
        Deeds deeds =
                new Deeds() {
                    @Override
                    public boolean isQuiet() {
                        return true;
                    }

                    @Override
                    public void dropPage() {}

                    @Override
                    public String report() throws Failure, Refused {
                        return report[0].send("none");
                    }
                };
        TerminalApi api = new TerminalApi(url, watched, vault, time, clock);
        Shelves shelves = new Shelves(new File(temporary.getRoot(), "store"));
        shelves.put("journal", "x1", "{\"entry\":{\"phase\":\"written\"}}");
        report[0] = new Report(api, vitals(), memory, shelves, temporary.getRoot());
        Commands commands = new Commands(temporary.getRoot(), deeds, api, memory, time);
        memory.engine("Mozilla/5.0 Chrome/37.0.0.0");
        HttpRequest enrolment = vault.enrolment();
        assertEquals(200, commands.forPage(far).send(enrolment).status);
        Beats.Next next = new Beats(api, vitals(), memory, commands, new Random()).beat(0);
        assertEquals(2, next.commands.size());
        memory.fault("usb.io");
        assertEquals(CommandDesk.Left.NOTHING, commands.desk.take(next.commands));
        assertEquals(
                Arrays.asList(
                        "/v1/terminal/token 200",
                        "/v1/terminal/heartbeat 200",
                        "/v1/terminal/diagnostics 201",
                        "/v1/terminal/commands/…/result 204",
                        "/v1/terminal/commands/…/result 204"),
                answered);
        // Blocked: the server is not even asked.
        assertEquals(403, commands.forPage(far).send(new HttpRequest("POST", "/v1/terminal/orders")).status);
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
