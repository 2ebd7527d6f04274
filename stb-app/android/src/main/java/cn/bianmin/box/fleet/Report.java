package cn.bianmin.box.fleet;

import android.os.Build;
import android.os.SystemClock;
import cn.bianmin.box.bridge.Answer;
import cn.bianmin.box.bridge.Failure;
import cn.bianmin.box.keys.KeyCodes;
import cn.bianmin.box.keys.PublicKeys;
import cn.bianmin.box.store.Shelves;
import java.io.File;
import java.text.SimpleDateFormat;
import java.util.Date;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;

/** How this box is: `shared/purchase/src/api/diagnostics.ts`. Nothing of a household, a card or a key, and no sentence of an error. */
public final class Report {
    private static final String PATH = "/v1/terminal/diagnostics";
    private static final Pattern CHROMIUM = Pattern.compile("Chrome/([0-9.]{1,32})");
    private static final long MB = 1 << 20;
    private static final int MOST_LABEL = 64;
    private static final int MOST_FAULTS = 30;
    private static final int MOST_READERS = 8;

    private final TerminalApi api;
    private final Vitals vitals;
    private final FleetMemory memory;
    private final Shelves shelves;
    private final File folder;
    private final long startedAt = SystemClock.elapsedRealtime();

    public Report(TerminalApi api, Vitals vitals, FleetMemory memory, Shelves shelves, File folder) {
        this.api = api;
        this.vitals = vitals;
        this.memory = memory;
        this.shelves = shelves;
        this.folder = folder;
    }

    /** Sends it; gives its number. `screen`: what of ours is open. Blocks. */
    public String send(String screen) throws Failure, Refused {
        PublicKeys keys = api.keys();
        if (keys == null) throw new Failure(KeyCodes.KEYS_LOST);
        try {
            return api.post(PATH, look(keys, screen)).getString("reportNo");
        } catch (JSONException e) {
            throw new Failure("command.failed", e);
        }
    }

    private JSONObject look(PublicKeys keys, String screen) throws JSONException {
        JSONObject said = vitals.look();
        String now = iso(api.now());
        JSONObject report = new JSONObject().put("at", now);
        report.put("fingerprint", keys.fingerprint()).put("terminalId", keys.terminalId());
        report.put("versions", versions(said.getString("version")));
        report.put("uptimeS", (SystemClock.elapsedRealtime() - startedAt) / 1000);
        report.put("readers", readers(said.getJSONArray("readers")));
        report.put("server", server(said));
        JSONObject disk = new JSONObject().put("freeMb", said.getLong("diskFreeMb"));
        report.put("disk", disk.put("totalMb", folder.getTotalSpace() / MB));
        report.put("journal", journal());
        report.put("screen", new JSONObject().put("name", screen).put("problem", JSONObject.NULL));
        return report.put("faults", faults(now));
    }

    private JSONObject versions(String app) throws JSONException {
        Matcher chromium = CHROMIUM.matcher(memory.engine());
        JSONObject versions = new JSONObject().put("app", app).put("node", JSONObject.NULL);
        versions.put("electron", JSONObject.NULL);
        versions.put("chromium", chromium.find() ? chromium.group(1) : JSONObject.NULL);
        String system =
                "Android " + Build.VERSION.RELEASE + " (" + Build.VERSION.SDK_INT + ") " + Build.MANUFACTURER + " "
                        + Build.MODEL;
        return versions.put("system", system.substring(0, Math.min(MOST_LABEL, system.length())));
    }

    /** Which card is in one is the page's to know. */
    private static JSONArray readers(JSONArray names) throws JSONException {
        JSONArray readers = new JSONArray();
        for (int i = 0; i < Math.min(MOST_READERS, names.length()); i++) {
            JSONObject reader = new JSONObject().put("name", names.getString(i)).put("card", "unknown");
            readers.put(reader.put("lastChip", JSONObject.NULL));
        }
        return readers;
    }

    private JSONObject server(JSONObject said) throws JSONException {
        long at = api.lastAnswerAt();
        long roundTrip = api.lastRoundTripMs();
        JSONObject server = new JSONObject().put("link", "online");
        server.put("lastAnswerAt", at < 0 ? JSONObject.NULL : iso(at));
        server.put("roundTripMs", roundTrip < 0 ? JSONObject.NULL : (Object) roundTrip);
        return server.put("skewMs", said.has("clockSkewMs") ? said.get("clockSkewMs") : JSONObject.NULL);
    }

    /** Null: it cannot be read. */
    private Object journal() throws JSONException {
        int undelivered = 0;
        int entries = 0;
        try {
            for (String name : shelves.list("journal")) {
                String value = shelves.get("journal", name);
                if (value == null) continue;
                entries++;
                // What became of a write stays until the server has heard.
                String phase = new JSONObject(value).getJSONObject("entry").getString("phase");
                if ("written".equals(phase) || "failed".equals(phase)) undelivered++;
            }
        } catch (Failure | JSONException e) {
            return JSONObject.NULL;
        }
        return new JSONObject().put("entries", entries).put("undelivered", undelivered);
    }

    /** Since the last beat that was answered; what was told with it is at the server. */
    private JSONArray faults(String now) throws JSONException {
        JSONArray faults = new JSONArray();
        for (Map.Entry<String, Integer> each : memory.counted().entrySet()) {
            if (faults.length() == MOST_FAULTS) break;
            JSONObject fault = new JSONObject().put("at", now).put("where", "shell").put("code", each.getKey());
            faults.put(fault.put("sentence", "").put("times", each.getValue()));
        }
        return faults;
    }

    private static String iso(long epochMs) {
        SimpleDateFormat format = new SimpleDateFormat("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT);
        format.setTimeZone(TimeZone.getTimeZone("UTC"));
        return format.format(new Date(epochMs));
    }
}
