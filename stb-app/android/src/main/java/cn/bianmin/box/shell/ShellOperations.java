package cn.bianmin.box.shell;

import android.os.Build;
import android.util.Base64;
import cn.bianmin.box.bridge.Answer;
import cn.bianmin.box.bridge.Call;
import cn.bianmin.box.bridge.Failure;
import cn.bianmin.box.bridge.Operations;
import cn.bianmin.box.bridge.Request;
import cn.bianmin.box.keys.Jwk;
import cn.bianmin.box.keys.PublicKeys;
import cn.bianmin.box.launch.Launch;
import cn.bianmin.box.update.Updater;
import java.util.concurrent.Executor;
import org.json.JSONArray;
import org.json.JSONObject;

/** `BianminShell`: docs/protocol/box-shell.md. */
public final class ShellOperations implements Operations {
    public static final String PAGE_OBJECT = "BianminShellPage";
    private static final int VERSION = 1;

    private final Parts parts;
    private final Screen screen;
    private final ShellEvents events;
    private final Executor parallel;
    private final Executor serial;

    /** `serial`: keeps what is stored in the order in which it was asked. */
    public ShellOperations(Parts parts, Screen screen, ShellEvents events, Executor parallel, Executor serial) {
        this.parts = parts;
        this.screen = screen;
        this.events = events;
        this.parallel = parallel;
        this.serial = serial;
    }

    @Override
    public String badRequestCode() {
        return ShellCodes.BAD_REQUEST;
    }

    @Override
    public String unexpectedCode() {
        return ShellCodes.IO;
    }

    @Override
    public Executor executorOf(Request request) {
        return request.op.startsWith("store") ? serial : parallel;
    }

    @Override
    public JSONObject carryOut(Request request, Call call) throws Failure {
        switch (request.op) {
            case "hello":
                request.number("version", VERSION, VERSION);
                call.settle(Answer.put(Answer.ok(), "facts", facts()));
                events.network(parts.network.isOnline());
                return Answer.ok();
            case "keys":
                return keys(parts.keys.publicKeys(request.flag("renew")));
            case "sign":
                return bytes("signature", parts.keys.sign(request.bytes("data")));
            case "unseal":
                return Answer.put(Answer.ok(), "text", parts.keys.unseal(request.text("jwe")));
            case "http":
                return HttpOperation.carryOut(request, parts.commands.forPage(parts.server));
            case "time":
                return time();
            case "launch":
                return launch(parts.launch.take());
            case "leave":
                return leave(request);
            case "speak":
                parts.speaker.speak(request.text("text"), request.text("language"));
                return Answer.ok();
            case "update":
                return update(parts.updater.step());
            default:
                return store(request);
        }
    }

    private JSONObject store(Request request) throws Failure {
        switch (request.op) {
            case "storeList":
                return Answer.put(
                        Answer.ok(), "names", new JSONArray(parts.shelves.list(request.text("shelf"))));
            case "storeGet":
                // A null leaves the field out.
                return Answer.put(
                        Answer.ok(), "value", parts.shelves.get(request.text("shelf"), request.text("name")));
            case "storePut":
                parts.shelves.put(request.text("shelf"), request.text("name"), request.text("value"));
                return Answer.ok();
            case "storeRemove":
                parts.shelves.remove(request.text("shelf"), request.text("name"));
                return Answer.ok();
            default:
                throw request.bad();
        }
    }

    private JSONObject facts() {
        JSONObject facts = Answer.put(new JSONObject(), "appVersion", parts.version);
        Answer.put(facts, "androidApi", Build.VERSION.SDK_INT);
        Answer.put(facts, "model", Build.MANUFACTURER + " " + Build.MODEL);
        Answer.put(facts, "engine", screen.engine());
        Answer.put(facts, "serverUrl", parts.config.serverUrl);
        Answer.put(facts, "helpPhone", parts.config.helpPhone);
        Answer.put(facts, "sandbox", parts.config.sandbox);
        String crash = parts.crashes.take();
        if (crash != null) parts.memory.fault("shell.crash");
        return Answer.put(facts, "lastCrash", crash);
    }

    private JSONObject time() {
        JSONObject answer = Answer.put(Answer.ok(), "epochMs", parts.time.epochMs());
        Answer.put(answer, "monotonicMs", parts.clock.elapsedMs());
        return Answer.put(answer, "trusted", parts.time.isTrusted());
    }

    private JSONObject leave(Request request) throws Failure {
        String backUrl = request.textOrNull("backUrl");
        if (backUrl != null && !Launch.isBackUrl(backUrl)) throw request.bad();
        screen.leave(backUrl);
        return Answer.ok();
    }

    private static JSONObject keys(PublicKeys keys) {
        JSONObject answer = Answer.put(Answer.ok(), "alg", keys.alg());
        Answer.put(answer, "signKey", Jwk.of(keys.sign));
        return Answer.put(answer, "sealKey", Jwk.of(keys.seal));
    }

    private static JSONObject launch(Launch launch) {
        JSONObject answer = Answer.put(Answer.ok(), "token", launch.token);
        return Answer.put(answer, "backUrl", launch.backUrl);
    }

    private static JSONObject update(Updater.Outcome outcome) {
        JSONObject answer = Answer.put(Answer.ok(), "state", outcome.state.word);
        return Answer.put(answer, "version", outcome.version);
    }

    private static JSONObject bytes(String name, byte[] bytes) {
        return Answer.put(Answer.ok(), name, Base64.encodeToString(bytes, Base64.NO_WRAP));
    }
}
