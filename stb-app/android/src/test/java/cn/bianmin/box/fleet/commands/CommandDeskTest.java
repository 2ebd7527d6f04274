package cn.bianmin.box.fleet.commands;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import cn.bianmin.box.bridge.Failure;
import cn.bianmin.box.fleet.FleetMemory;
import cn.bianmin.box.fleet.TerminalApi;
import cn.bianmin.box.net.HttpAnswer;
import cn.bianmin.box.net.HttpRequest;
import cn.bianmin.box.net.Server;
import cn.bianmin.box.store.DurableFile;
import cn.bianmin.box.testing.CommandKey;
import cn.bianmin.box.testing.TestVault;
import cn.bianmin.box.time.TrustedTime;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.json.JSONObject;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;

@RunWith(RobolectricTestRunner.class)
public class CommandDeskTest {
    @Rule public final TemporaryFolder temporary = new TemporaryFolder();

    private final List<String> heard = new ArrayList<>();
    private final List<String> done = new ArrayList<>();
    private final List<String> seen = new ArrayList<>();
    private CommandKey key;
    private TestVault vault;
    private TrustedTime time;
    private FleetMemory memory;
    private Commands commands;
    private boolean quiet = true;
    private boolean away;
    private int status = 204;
    private String unfinished = "null";

    @Before
    public void make() throws Exception {
        key = new CommandKey();
        vault = new TestVault("EC");
        time = new TrustedTime(new byte[0], this::answer, () -> 0);
        memory = new FleetMemory(new DurableFile(new File(temporary.getRoot(), "fleet.json")), () -> 0);
        commands = started();
        enrol(key);
    }

    /** The process, begun anew over what is on the disk. */
    private Commands started() {
        Deeds deeds =
                new Deeds() {
                    @Override
                    public boolean isQuiet() {
                        return quiet;
                    }

                    @Override
                    public void dropPage() {
                        done.add("drop");
                    }

                    @Override
                    public String report() throws Failure {
                        done.add("report");
                        if (away) throw new Failure("http.unavailable");
                        return "12345678";
                    }
                };
        TerminalApi api = new TerminalApi("https://box.example", this::answer, vault, time, () -> 0);
        return new Commands(temporary.getRoot(), deeds, api, memory, time);
    }

    private HttpAnswer answer(HttpRequest request) throws Failure {
        String body = request.body == null ? "" : new String(request.body, StandardCharsets.UTF_8);
        if (request.path.equals("/v1/terminal/token")) return json(200, "{\"accessToken\":\"a.b.c\",\"expiresIn\":600}");
        if (request.path.equals("/v1/terminal/cards/identify")) return json(200, "{\"unfinished\":" + unfinished + "}");
        if (request.path.startsWith("/v1/terminal/commands/")) {
            if (away) throw new Failure("http.unavailable");
            heard.add(body);
            return json(status, "");
        }
        seen.add(request.method + " " + request.path);
        return json(200, "{}");
    }

    private static HttpAnswer json(int status, String text) {
        return new HttpAnswer(status, Collections.emptyMap(), text.getBytes(StandardCharsets.UTF_8));
    }

    private void enrol(CommandKey with) throws Exception {
        Server far = request -> json(200, enrolment(with));
        commands.forPage(far).send(new HttpRequest("POST", "/v1/terminal/enrol"));
    }

    private static String enrolment(CommandKey with) {
        try {
            return with.enrolment();
        } catch (org.json.JSONException e) {
            throw new AssertionError(e);
        }
    }

    private JSONObject payload(String kind) throws Exception {
        JSONObject payload = new JSONObject().put("iss", "bianmin").put("sub", vault.madeKeys().terminalId());
        long now = System.currentTimeMillis() / 1000;
        payload.put("jti", UUID.randomUUID().toString()).put("kind", kind).put("iat", now);
        return payload.put("exp", now + 600);
    }

    private String signed(JSONObject payload) throws Exception {
        return key.sign("command+jws", payload);
    }

    private CommandDesk.Left take(String... signed) {
        return commands.desk.take(Arrays.asList(signed));
    }

    private static HttpRequest order() {
        return new HttpRequest("POST", "/v1/terminal/orders");
    }

    @Test
    public void isDoneOnceHoweverOftenItComesAndItsAnswerIsToldAgain() throws Exception {
        String report = signed(payload("run-diagnostics"));
        away = true;
        assertEquals(CommandDesk.Left.WAITS, take(report));
        assertEquals(Collections.emptyList(), heard);
        away = false;
        String again = signed(payload("run-diagnostics"));
        assertEquals(CommandDesk.Left.NOTHING, take(report, again));
        assertEquals(
                Arrays.asList(
                        "{\"outcome\":\"failed\",\"code\":\"http.unavailable\"}",
                        "{\"outcome\":\"done\",\"reportNo\":\"12345678\"}"),
                heard);
        commands = started();
        assertEquals(CommandDesk.Left.NOTHING, take(report));
        assertEquals(Arrays.asList("report", "report"), done);
        assertEquals("{\"outcome\":\"failed\",\"code\":\"http.unavailable\"}", heard.get(2));
    }

    @Test
    public void aSupportArchiveIsMadeOfTheReport() throws Exception {
        assertEquals(CommandDesk.Left.NOTHING, take(signed(payload("support-archive"))));
        assertEquals(Collections.singletonList("report"), done);
        assertEquals(Collections.singletonList("{\"outcome\":\"done\",\"reportNo\":\"12345678\"}"), heard);
    }

    @Test
    public void oneThatNobodyOfOursSignedIsNotTaken() throws Exception {
        CommandKey ours = key;
        key = new CommandKey();
        take(signed(payload("block")));
        // A key that is named later is none of ours.
        enrol(key);
        take(signed(payload("block")));
        key = ours;
        take(signed(payload("block").put("sub", "t000000000000000000000000000000")));
        take(signed(payload("block").put("iss", "other")));
        take(signed(payload("block").put("jti", "../../orders")));
        take(key.sign("at+jwt", payload("block")), "a.b", "", signed(payload("block")).replaceFirst("\\.", ".A"));
        assertEquals(Collections.emptyList(), heard);
        assertEquals(200, commands.forPage(this::answer).send(order()).status);
        assertEquals("{command.bad-signature=9, command.other-key=1}", memory.counted().toString());
        take(signed(payload("block")));
        assertEquals(1, heard.size());
    }

    @Test
    public void aRestartWaitsUntilNobodyIsThereAndIsAnsweredByTheNextStart() throws Exception {
        quiet = false;
        String restart = signed(payload("restart"));
        assertEquals(CommandDesk.Left.WAITS, take(restart));
        assertTrue(commands.desk.waits());
        quiet = true;
        assertEquals(CommandDesk.Left.RESTART, take());
        commands.desk.notNow();
        assertEquals(CommandDesk.Left.RESTART, take(restart));
        assertEquals(Collections.emptyList(), heard);
        commands = started();
        assertEquals(CommandDesk.Left.NOTHING, take(restart));
        assertEquals(Collections.singletonList("{\"outcome\":\"done\"}"), heard);
    }

    @Test
    public void whatHadBegunWhenThePowerWentIsNotBegunAgain() throws Exception {
        JSONObject payload = payload("run-diagnostics");
        CommandBook book = new CommandBook(new DurableFile(new File(temporary.getRoot(), "commands.json")));
        book.take(
                new Command(payload.getString("jti"), "run-diagnostics", payload.getLong("exp"), Command.ACTING, null), 0);
        commands = started();
        take(signed(payload));
        assertEquals(Collections.emptyList(), done);
        assertEquals(Collections.singletonList("{\"outcome\":\"failed\",\"code\":\"command.interrupted\"}"), heard);
    }

    @Test
    public void aPageIsLoadedAnewOnlyWhileNobodySeesIt() throws Exception {
        quiet = false;
        take(signed(payload("reload-content")));
        assertEquals(Collections.emptyList(), done);
        quiet = true;
        take();
        assertEquals(Collections.singletonList("drop"), done);
    }

    @Test
    public void oneThatIsTooLateAndOneThatIsNotKnownAreAnsweredAsThat() throws Exception {
        take(signed(payload("block").put("exp", System.currentTimeMillis() / 1000 - 1)), signed(payload("screenshot")));
        assertEquals(
                Arrays.asList(
                        "{\"outcome\":\"failed\",\"code\":\"command.expired\"}",
                        "{\"outcome\":\"refused\",\"code\":\"command.unsupported\"}"),
                heard);
    }

    @Test
    public void aBlockedBoxBeginsNothingAndFinishesWhatIsOpen() throws Exception {
        take(signed(payload("block")));
        // Also after a power cut.
        commands = started();
        Server page = commands.forPage(this::answer);
        for (String path :
                new String[] {"orders", "remote/orders", "remote/describe", "homes/h1/orders"}) {
            HttpAnswer refused = page.send(new HttpRequest("POST", "/v1/terminal/" + path));
            assertEquals(403, refused.status);
            assertEquals("terminal.suspended", new JSONObject(refused.text()).getString("code"));
        }
        assertEquals(403, page.send(new HttpRequest("GET", "/v1/terminal/homes/h1")).status);
        assertEquals(403, page.send(new HttpRequest("POST", "/v1/terminal/cards/identify")).status);
        unfinished = "{\"orderNo\":\"1\"}";
        assertEquals(200, page.send(new HttpRequest("POST", "/v1/terminal/cards/identify")).status);
        String[] open = {"orders/1/payments", "orders/1/authorise", "orders/1/claim", "homes", "homes/h1/forget"};
        for (String path : open) assertEquals(200, page.send(new HttpRequest("POST", "/v1/terminal/" + path)).status);
        assertEquals(open.length, seen.size());
        take(signed(payload("unblock")));
        assertEquals(200, page.send(order()).status);
    }

    @Test
    public void whatTheServerDoesNotKnowIsToldNoMore() throws Exception {
        status = 404;
        assertEquals(CommandDesk.Left.NOTHING, take(signed(payload("unblock"))));
        status = 500;
        assertEquals(CommandDesk.Left.WAITS, take(signed(payload("unblock"))));
        assertEquals(2, heard.size());
    }

    @Test
    public void whatCannotBeNotedIsNotDone() throws Exception {
        assertTrue(new File(temporary.getRoot(), "commands.json.tmp").mkdir());
        assertEquals(CommandDesk.Left.WAITS, take(signed(payload("run-diagnostics"))));
        assertEquals(Collections.emptyList(), done);
        assertEquals("{command.not-noted=1}", memory.counted().toString());
        assertFalse(new File(temporary.getRoot(), "commands.json").exists());
    }
}
