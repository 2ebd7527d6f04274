package cn.bianmin.box.fleet;

import cn.bianmin.box.bridge.Answer;
import cn.bianmin.box.bridge.Failure;
import cn.bianmin.box.keys.KeyCodes;
import cn.bianmin.box.keys.KeyVault;
import cn.bianmin.box.keys.PublicKeys;
import cn.bianmin.box.net.HttpAnswer;
import cn.bianmin.box.net.HttpCodes;
import cn.bianmin.box.net.HttpRequest;
import cn.bianmin.box.net.Server;
import cn.bianmin.box.time.MonotonicClock;
import cn.bianmin.box.time.TrustedTime;
import java.nio.charset.Charset;
import org.json.JSONException;
import org.json.JSONObject;

/**
 * The server as the shell itself calls it, for what is no purchase: with tokens of its own, by the keys that it keeps. The
 * page's tokens are the page's.
 */
public final class TerminalApi {
    private static final Charset UTF_8 = Charset.forName("UTF-8");
    /** A token is renewed when it has less than this left. */
    private static final long RENEW_BEFORE_MS = 60_000;
    private static final long MOST_RETRY_S = 86_400;

    private final String serverUrl;
    private final Server server;
    private final KeyVault vault;
    private final Proofs proofs;
    private final TrustedTime time;
    private final MonotonicClock clock;
    private String token;
    /** Of whom: new keys are another terminal. */
    private String tokenOf;
    private long renewAt;
    private long lastAnswerAt = -1;
    private long lastRoundTripMs = -1;

    public TerminalApi(String serverUrl, Server server, KeyVault vault, TrustedTime time, MonotonicClock clock) {
        this.serverUrl = serverUrl;
        this.server = server;
        this.vault = vault;
        this.proofs = new Proofs(vault);
        this.time = time;
        this.clock = clock;
    }

    /** Null where this box has no keys yet: the app was not opened. */
    public PublicKeys keys() throws Failure {
        return vault.madeKeys();
    }

    /** Blocks. The answer's JSON; empty where it has none. Fails as an `http` call does, or with `shell.keys-lost`. */
    public synchronized JSONObject post(String path, JSONObject body) throws Failure, Refused {
        try {
            return called(path, body);
        } catch (Refused refused) {
            if (!"auth.expired".equals(refused.code) && !"auth.required".equals(refused.code)) throw refused;
            // Refused for its token it has not been taken: once more with a new one.
            token = null;
            return called(path, body);
        }
    }

    /** The server's clock, as far as it is known, ms. */
    long now() {
        return time.epochMs();
    }

    /** Wall clock of the last answer, the server's, ms; negative: none since the process began. */
    synchronized long lastAnswerAt() {
        return lastAnswerAt;
    }

    /** Of the last answered call, ms; negative where there was none. */
    synchronized long lastRoundTripMs() {
        return lastRoundTripMs;
    }

    private JSONObject called(String path, JSONObject body) throws Failure, Refused {
        PublicKeys keys = keys();
        if (keys == null) throw new Failure(KeyCodes.KEYS_LOST);
        String accessToken = accessToken(keys);
        HttpRequest request = request(path, body);
        request.headers.put("Authorization", "DPoP " + accessToken);
        request.headers.put("DPoP", proofs.dpop(keys, "POST", serverUrl + path, accessToken, nowS()));
        return answerOf(request);
    }

    private String accessToken(PublicKeys keys) throws Failure, Refused {
        String id = keys.terminalId();
        if (token != null && id.equals(tokenOf) && clock.elapsedMs() < renewAt) return token;
        long asked = clock.elapsedMs();
        // A proof says the time, which a box that woke in 1970 asks for first.
        time.require();
        JSONObject assertion = Answer.put(new JSONObject(), "assertion", proofs.assertion(keys, nowS()));
        JSONObject answer = answerOf(request("/v1/terminal/token", assertion));
        try {
            token = answer.getString("accessToken");
            renewAt = asked + answer.getLong("expiresIn") * 1000 - RENEW_BEFORE_MS;
        } catch (JSONException e) {
            throw new Failure(HttpCodes.UNAVAILABLE, e);
        }
        tokenOf = id;
        return token;
    }

    private long nowS() {
        return time.epochMs() / 1000;
    }

    private static HttpRequest request(String path, JSONObject body) {
        HttpRequest request = new HttpRequest("POST", path);
        request.headers.put("Accept", "application/json");
        request.headers.put("Content-Type", "application/json");
        request.body = body.toString().getBytes(UTF_8);
        return request;
    }

    private JSONObject answerOf(HttpRequest request) throws Failure, Refused {
        long from = clock.elapsedMs();
        HttpAnswer answer = server.send(request);
        lastRoundTripMs = clock.elapsedMs() - from;
        lastAnswerAt = time.epochMs();
        JSONObject said = jsonOf(answer.text());
        if (answer.status >= 200 && answer.status <= 299) return said;
        throw new Refused(answer.status, said.optString("code"), retryAfterMs(answer.headers.get("retry-after")));
    }

    private static JSONObject jsonOf(String text) {
        try {
            return text.isEmpty() ? new JSONObject() : new JSONObject(text);
        } catch (JSONException | StackOverflowError e) {
            return new JSONObject();
        }
    }

    /** In whole seconds, as our server says it. */
    private static long retryAfterMs(String value) {
        if (value == null || !value.matches("[0-9]{1,9}")) return -1;
        return Math.min(MOST_RETRY_S, Long.parseLong(value)) * 1000;
    }
}
