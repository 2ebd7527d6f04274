package cn.bianmin.box.fleet;

import cn.bianmin.box.bridge.Answer;
import cn.bianmin.box.time.TrustedTime;
import cn.bianmin.box.usb.Readers;
import java.io.File;
import java.util.List;
import org.json.JSONArray;
import org.json.JSONObject;

/** What the box knows of itself at the moment of a beat: `shared/purchase/src/api/heartbeat.ts`. */
public final class Vitals {
    private static final long MB = 1 << 20;
    private static final int MOST_READERS = 4;
    private static final int MOST_VERSION = 32;

    private final String version;
    private final Readers readers;
    private final FleetMemory memory;
    private final TrustedTime time;
    private final File folder;

    /** `folder`: where the journal is. */
    public Vitals(String version, Readers readers, FleetMemory memory, TrustedTime time, File folder) {
        this.version = version.substring(0, Math.min(MOST_VERSION, version.length()));
        this.readers = readers;
        this.memory = memory;
        this.time = time;
        this.folder = folder;
    }

    JSONObject look() {
        JSONObject said = Answer.put(new JSONObject(), "version", version);
        Answer.put(said, "platform", "android");
        Answer.put(said, "readers", readers());
        String engine = memory.engine();
        if (!engine.isEmpty()) Answer.put(said, "engine", engine);
        Answer.put(said, "diskFreeMb", folder.getUsableSpace() / MB);
        // A null leaves the field out.
        return Answer.put(said, "clockSkewMs", clockSkewMs());
    }

    private JSONArray readers() {
        JSONArray names = new JSONArray();
        int[] vendors = readers.vendors();
        // No page was there since the process began: as the last one said.
        if (vendors.length == 0) vendors = memory.vendors();
        else memory.vendors(vendors);
        List<String> found = readers.names(vendors);
        for (String name : found.subList(0, Math.min(MOST_READERS, found.size()))) names.put(name);
        return names;
    }

    /** The system's clock before the server's; null while that is not known. */
    private Long clockSkewMs() {
        return time.isTrusted() ? System.currentTimeMillis() - time.epochMs() : null;
    }
}
