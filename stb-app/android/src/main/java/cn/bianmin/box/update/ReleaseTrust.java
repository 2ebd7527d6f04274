package cn.bianmin.box.update;

import cn.bianmin.box.bridge.Answer;
import cn.bianmin.box.bridge.Failure;
import cn.bianmin.box.store.DurableFile;
import cn.bianmin.box.time.TrustedTime;
import java.io.IOException;
import java.nio.charset.Charset;
import java.security.GeneralSecurityException;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;

/**
 * Who may release to this box, and whether what they signed is still good. A root follows another only by the signatures of
 * both; the server passes them on and cannot make one. Of what is kept nothing is believed that was not signed, but for when
 * the newest document had been: no clock is before that.
 */
public final class ReleaseTrust {
    private static final Charset UTF_8 = Charset.forName("UTF-8");
    private static final String TYP = "bianmin-release-2+jws";
    /** `RELEASE_DAYS.most` of shared/purchase/src/api/release-root.ts. */
    private static final int MOST_DAYS = 400;
    /** Signers' clocks may be so far ahead. */
    private static final long AHEAD_MS = 86_400_000;

    private final DurableFile file;
    private final TrustedTime time;
    /** Null where none was built in: no release is taken. */
    private ReleaseRoot root;
    private JSONArray kept = new JSONArray();
    private long seenAt;

    /** `born`: the root that was built in, as it was signed; empty: none. */
    public ReleaseTrust(String born, DurableFile file, TrustedTime time) {
        this.file = file;
        this.time = time;
        try {
            if (born.isEmpty()) return;
            root = ReleaseRoot.first(born);
            seenAt = root.issuedMs;
            load();
        } catch (GeneralSecurityException e) {
            // Built in by mistake: it is as good as none.
        }
    }

    synchronized boolean isTold() {
        return root != null;
    }

    /** Of the root that is here; 0: none. */
    synchronized int version() {
        return root == null ? 0 : root.version;
    }

    /** Takes what follows the root that is here, of what the server has; what does not is passed over. */
    synchronized void follow(JSONArray documents) throws IOException {
        for (int no = 0; no < documents.length(); no++) {
            if (accept(documents.optString(no))) keep();
        }
    }

    /** The manifest of a box's release that is good now. Fails where the time is not known. */
    synchronized JSONObject open(String document) throws Distrusted, Failure, IOException {
        JSONObject manifest;
        long issued;
        long expires;
        try {
            if (root == null) throw new GeneralSecurityException("no root was built in");
            manifest = root.open(document, TYP);
            issued = Moment.parse(manifest.getString("issued"));
            expires = Moment.parse(manifest.getString("expires"));
            boolean known = manifest.getInt("format") == 2 && "box".equals(manifest.getString("kind"));
            boolean ends = Moment.endsWithin(issued, expires, MOST_DAYS);
            if (!known || !ends) throw new GeneralSecurityException("not for a box, or without end");
        } catch (GeneralSecurityException | JSONException e) {
            throw new Distrusted(Distrusted.UNSIGNED, e);
        }
        requireFresh(issued, expires);
        return manifest;
    }

    /** The box's own clock says nothing: it wakes in 1970. */
    private void requireFresh(long issued, long expires) throws Distrusted, Failure, IOException {
        time.require();
        long now = Math.max(time.epochMs(), seenAt);
        if (now >= expires || now >= root.expiresMs) throw new Distrusted(Distrusted.EXPIRED, null);
        if (issued > now + AHEAD_MS) throw new Distrusted(Distrusted.CLOCK, null);
        if (issued <= seenAt) return;
        seenAt = issued;
        keep();
    }

    private boolean accept(String document) {
        try {
            root = root.next(document);
        } catch (GeneralSecurityException e) {
            return false;
        }
        kept.put(document);
        return true;
    }

    /** What cannot be read, or was before the root that was built in, the server has again. */
    private void load() {
        try {
            byte[] bytes = file.read();
            if (bytes == null) return;
            JSONObject said = new JSONObject(new String(bytes, UTF_8));
            seenAt = Math.max(seenAt, said.getLong("seenAt"));
            JSONArray roots = said.getJSONArray("roots");
            for (int no = 0; no < roots.length(); no++) accept(roots.optString(no));
        } catch (IOException | JSONException | RuntimeException e) {
            kept = new JSONArray();
        }
    }

    private void keep() throws IOException {
        JSONObject text = Answer.put(Answer.put(new JSONObject(), "roots", kept), "seenAt", seenAt);
        file.write(text.toString().getBytes(UTF_8));
    }
}
