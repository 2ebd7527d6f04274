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
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;

/**
 * The server's word: by name, so that a release comes step by step and is told of; what every box may have where this one cannot
 * say who it is, or is not accepted.
 */
public final class ServerOffers implements Offers {
    private static final int LEAST_OF_SERVER = 500;

    private final TerminalApi api;
    private final Server server;
    private final String version;

    /** `version`: the one that runs. */
    public ServerOffers(TerminalApi api, Server server, String version) {
        this.api = api;
        this.server = server;
        this.version = version;
    }

    @Override
    public Release ask(Said said) throws Failure {
        try {
            JSONObject offer = api.post("/v1/terminal/release", words(said));
            // 204: nothing is meant for this box.
            return offer.length() == 0 ? null : Release.offered(offer);
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

    private JSONObject words(Said said) {
        JSONObject words = Answer.put(new JSONObject(), "kind", "box");
        Answer.put(words, "version", version);
        // An older package is never installed, so none is ever given up.
        Answer.put(words, "refused", new JSONArray());
        if (said == null) return words;
        JSONObject step = Answer.put(new JSONObject(), "version", said.version);
        // A null leaves the field out.
        return Answer.put(words, "step", Answer.put(Answer.put(step, "is", said.word), "code", said.code));
    }

    private Release ofEverybody() throws Failure {
        HttpAnswer answer = server.send(new HttpRequest("GET", "/v1/box/release"));
        if (answer.status == 204) return null;
        if (answer.status != 200) throw new Failure(HttpCodes.UNAVAILABLE);
        try {
            return Release.parse(answer.text());
        } catch (JSONException e) {
            throw new Failure(ShellCodes.IO, e);
        }
    }
}
