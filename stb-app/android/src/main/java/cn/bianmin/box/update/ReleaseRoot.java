package cn.bianmin.box.update;

import cn.bianmin.box.keys.CoSigned;
import cn.bianmin.box.keys.Es256;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.LinkedHashMap;
import java.util.Map;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;

/** Who signs releases, as far as a version of the root says: docs/releases.md, "Who signs". */
final class ReleaseRoot {
    private static final String TYP = "bianmin-release-root+jws";
    private static final int FORMAT = 1;
    /** At least two, so that no single person can release. */
    private static final int LEAST_THRESHOLD = 2;
    private static final int LEAST_KEYS = 3;
    private static final int MOST_KEYS = 7;
    /** `ROOT_DAYS.most` of shared/purchase/src/api/release-root.ts. */
    private static final int MOST_DAYS = 1850;

    final int version;
    final long issuedMs;
    final long expiresMs;
    private final int threshold;
    private final Map<String, PublicKey> keys = new LinkedHashMap<>();

    private ReleaseRoot(JSONObject said) throws GeneralSecurityException {
        try {
            version = said.getInt("version");
            threshold = said.getInt("threshold");
            issuedMs = Moment.parse(said.getString("issued"));
            expiresMs = Moment.parse(said.getString("expires"));
            JSONArray named = said.getJSONArray("keys");
            boolean known = said.getInt("format") == FORMAT && version >= 1;
            boolean ends = Moment.endsWithin(issuedMs, expiresMs, MOST_DAYS);
            boolean several = named.length() >= LEAST_KEYS && named.length() <= MOST_KEYS;
            if (!known || !ends || !several) throw new GeneralSecurityException("no root");
            for (int no = 0; no < named.length(); no++) {
                PublicKey key = Es256.publicKey(named.getJSONObject(no));
                keys.put(CoSigned.keyId(key), key);
            }
            boolean each = keys.size() == named.length();
            if (!each || threshold < LEAST_THRESHOLD || threshold > keys.size()) {
                throw new GeneralSecurityException("no root");
            }
        } catch (JSONException e) {
            throw new GeneralSecurityException(e);
        }
    }

    /** One that is believed because it was built in: enough of its own signers have signed it. */
    static ReleaseRoot first(String document) throws GeneralSecurityException {
        ReleaseRoot root = new ReleaseRoot(CoSigned.unverified(document));
        root.open(document, TYP);
        return root;
    }

    /** The very next version, signed by enough of those who sign now and by enough of those who are to sign from then on. */
    ReleaseRoot next(String document) throws GeneralSecurityException {
        ReleaseRoot next = new ReleaseRoot(CoSigned.unverified(document));
        if (next.version != version + 1) throw new GeneralSecurityException("not the next root");
        open(document, TYP);
        next.open(document, TYP);
        return next;
    }

    /** What enough of the signers have signed as `typ`; throws for anything else. */
    JSONObject open(String document, String typ) throws GeneralSecurityException {
        return CoSigned.open(document, typ, keys, threshold);
    }
}
