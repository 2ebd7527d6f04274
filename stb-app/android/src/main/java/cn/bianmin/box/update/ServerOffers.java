package cn.bianmin.box.update;

import cn.bianmin.box.bridge.Answer;
import cn.bianmin.box.bridge.Failure;
import cn.bianmin.box.fleet.Refused;
import cn.bianmin.box.fleet.TerminalApi;
import cn.bianmin.box.keys.KeyCodes;
import cn.bianmin.box.net.HttpAnswer;
import cn.bianmin.box.net.HttpCodes;
import cn.bianmin.box.net.HttpRequest;
import cn.bianmin.box.net.Server;
import cn.bianmin.box.shell.ShellCodes;
import java.io.IOException;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;

/**
 * The server's word, as far as the signers have signed it: by name, so that a release comes step by step and is told of; what
 * every box may have where this one cannot say who it is, or is not accepted.
 */
public final class ServerOffers implements Offers {
    private static final int LEAST_OF_SERVER = 500;
    private static final String OF_EVERYBODY = "/v1/box/release";

    private final TerminalApi api;
    private final Server server;
    private final ReleaseTrust trust;
    private final String version;

    /** `version`: the one that runs. */
    public ServerOffers(TerminalApi api, Server server, ReleaseTrust trust, String version) {
        this.api = api;
        this.server = server;
        this.trust = trust;
        this.version = version;
    }

    @Override
    public Release ask(Said said) throws Failure {
        if (!trust.isTold()) return null;
        try {
            JSONObject offer = api.post("/v1/terminal/release", words(said));
            // 204: nothing is meant for this box.
            return offer.length() == 0 ? null : offered(offer);
        } catch (Refused refused) {
            if (refused.isBusy() || refused.status >= LEAST_OF_SERVER) throw new Failure(HttpCodes.UNAVAILABLE, refused);
            return ofEverybody();
        } catch (Failure failure) {
            if (!KeyCodes.KEYS_LOST.equals(failure.code)) throw failure;
            return ofEverybody();
        } catch (JSONException e) {
            throw new Failure(ShellCodes.IO, e);
        }
    }

    private Release offered(JSONObject offer) throws Failure, Refused, JSONException {
        String named = offer.getString("version");
        try {
            Release release = opened(offer.getString("manifest"), offer.getString("path"));
            // The manifest of another release than is meant for this box.
            if (release.versionName.equals(named)) return release;
            throw new Distrusted(Distrusted.UNSIGNED, null);
        } catch (Distrusted distrusted) {
            // The server stops offering this release to this box, and its operators see the reason.
            if (distrusted.isOfTheRelease()) api.post("/v1/terminal/release", words(Said.failed(named, distrusted.code)));
            return null;
        }
    }

    private Release opened(String manifest, String folder) throws Failure, JSONException, Distrusted {
        try {
            refreshRoots();
            return new Release(trust.open(manifest), folder);
        } catch (IOException e) {
            throw new Failure(ShellCodes.IO, e);
        }
    }

    /** Without a newer root the one that is here goes on. */
    private void refreshRoots() throws IOException {
        try {
            HttpAnswer answer = server.send(new HttpRequest("GET", "/v1/release-root?have=" + trust.version()));
            if (answer.status == 200) trust.follow(new JSONObject(answer.text()).getJSONArray("roots"));
        } catch (Failure | JSONException | StackOverflowError e) {
            // Asked again with the next offer.
        }
    }

    private JSONObject words(Said said) {
        JSONObject words = Answer.put(new JSONObject(), "kind", "box");
        Answer.put(words, "version", version);
        Answer.put(words, "root", trust.version());
        // An older package is never installed, so none is ever given up.
        Answer.put(words, "refused", new JSONArray());
        if (said == null) return words;
        JSONObject step = Answer.put(new JSONObject(), "version", said.version);
        // A null leaves the field out.
        return Answer.put(words, "step", Answer.put(Answer.put(step, "is", said.word), "code", said.code));
    }

    private Release ofEverybody() throws Failure {
        HttpAnswer answer = server.send(new HttpRequest("GET", OF_EVERYBODY));
        if (answer.status == 204) return null;
        if (answer.status != 200) throw new Failure(HttpCodes.UNAVAILABLE);
        try {
            return opened(new JSONObject(answer.text()).getString("manifest"), OF_EVERYBODY + "/");
        } catch (Distrusted e) {
            return null;
        } catch (JSONException e) {
            throw new Failure(ShellCodes.IO, e);
        }
    }
}
