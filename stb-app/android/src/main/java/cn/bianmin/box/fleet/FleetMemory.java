package cn.bianmin.box.fleet;

import cn.bianmin.box.bridge.Answer;
import cn.bianmin.box.store.DurableFile;
import cn.bianmin.box.time.MonotonicClock;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;

/**
 * What a beat says and only a page's time knows: faults by their stable code since the last beat that was answered, the
 * engine that drew the page, and whose devices are readers. It outlives the process, which a beat does not keep alive.
 */
public final class FleetMemory {
    private static final Charset UTF_8 = Charset.forName("UTF-8");
    /** A stable code, `area.what`, as the server takes it; never a sentence. */
    private static final Pattern CODE = Pattern.compile("[a-z][a-z0-9-]*(?:\\.[a-z0-9-]+)+");
    private static final int MOST_CODE = 64;
    private static final int MOST_CODES = 32;
    private static final int MOST_COUNT = 1_000_000;
    private static final String OTHERS = "other.codes";
    /** Counts of so long may be lost with the process: each write waits for the medium. */
    private static final long KEEP_EVERY_MS = 30_000;
    private static final int MOST_ENGINE = 300;

    private final DurableFile file;
    private final MonotonicClock clock;
    /** Null until it was needed. */
    private Map<String, Integer> faults;
    private String engine = "";
    private int[] vendors = new int[0];
    private boolean changed;
    private long keptAt;

    public FleetMemory(DurableFile file, MonotonicClock clock) {
        this.file = file;
        this.clock = clock;
    }

    /** Something failed. What has no stable code, or is one too many, is counted with others that are not told apart. */
    public synchronized void fault(String code) {
        load();
        add(code, 1);
        changed = true;
        if (clock.elapsedMs() - keptAt >= KEEP_EVERY_MS) keep();
    }

    /** Of the page that is there now. */
    public synchronized void engine(String userAgent) {
        load();
        String cut = userAgent.substring(0, Math.min(MOST_ENGINE, userAgent.length()));
        changed |= !cut.equals(engine);
        engine = cut;
    }

    /** USB vendors whose devices of the vendors' class are readers, as the page says them. */
    synchronized void vendors(int[] known) {
        load();
        changed |= !Arrays.equals(known, vendors);
        vendors = known.clone();
    }

    /** Empty before a page ever was. */
    synchronized String engine() {
        load();
        return engine;
    }

    synchronized int[] vendors() {
        load();
        return vendors.clone();
    }

    /** All counts, and goes on. */
    public synchronized Map<String, Integer> counted() {
        load();
        return new TreeMap<>(faults);
    }

    /** All counts, and begins anew; on the medium they stay until `keep`. */
    synchronized Map<String, Integer> take() {
        load();
        Map<String, Integer> taken = faults;
        faults = new TreeMap<>();
        changed |= !taken.isEmpty();
        return taken;
    }

    /** What could not be told, beside what came meanwhile. */
    synchronized void putBack(Map<String, Integer> taken) {
        load();
        for (Map.Entry<String, Integer> each : taken.entrySet()) add(each.getKey(), each.getValue());
    }

    /** Has what changed on the medium. Counts are not worth a failure: where it cannot be written it is tried again later. */
    public synchronized void keep() {
        if (!changed) return;
        keptAt = clock.elapsedMs();
        JSONObject text = Answer.put(new JSONObject(), "engine", engine);
        JSONArray known = new JSONArray();
        for (int vendor : vendors) known.put(vendor);
        Answer.put(text, "vendors", known);
        Answer.put(text, "faults", new JSONObject(faults));
        try {
            file.write(text.toString().getBytes(UTF_8));
            changed = false;
        } catch (IOException e) {
            // A full disk is said by the room that a beat names.
        }
    }

    private void add(String code, int count) {
        boolean known = faults.containsKey(code) || faults.size() < MOST_CODES - 1;
        boolean good = known && code.length() <= MOST_CODE && CODE.matcher(code).matches();
        String key = good ? code : OTHERS;
        Integer before = faults.get(key);
        faults.put(key, Math.min(MOST_COUNT, (before == null ? 0 : before) + count));
    }

    private void load() {
        if (faults != null) return;
        faults = new TreeMap<>();
        keptAt = clock.elapsedMs();
        try {
            byte[] bytes = file.read();
            if (bytes == null) return;
            JSONObject text = new JSONObject(new String(bytes, UTF_8));
            engine = text.getString("engine");
            JSONArray known = text.getJSONArray("vendors");
            int[] numbers = new int[known.length()];
            for (int i = 0; i < numbers.length; i++) numbers[i] = known.getInt(i);
            vendors = numbers;
            JSONObject counts = text.getJSONObject("faults");
            for (Iterator<String> codes = counts.keys(); codes.hasNext(); ) {
                String code = codes.next();
                add(code, counts.getInt(code));
            }
        } catch (IOException | JSONException | RuntimeException e) {
            // What cannot be read is begun anew.
        }
    }
}
