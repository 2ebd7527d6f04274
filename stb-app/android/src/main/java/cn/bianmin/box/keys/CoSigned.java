package cn.bianmin.box.keys;

import java.nio.charset.Charset;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.Map;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;

/** Opens documents that several persons sign: JWS in JSON by ES256 (RFC 7515 §7.2.1), and nothing else. */
public final class CoSigned {
    private static final Charset UTF_8 = Charset.forName("UTF-8");
    private static final int MOST_SIGNATURES = 16;

    private CoSigned() {}

    /** A key's name in a signature (RFC 7638): one key has one, however it is written. */
    public static String keyId(PublicKey key) {
        return Jwk.thumbprint(key);
    }

    /** What at least so many of these keys, by their names, have signed as `typ`; throws for anything else. */
    public static JSONObject open(String document, String typ, Map<String, PublicKey> keys, int threshold)
            throws GeneralSecurityException {
        try {
            JSONObject read = new JSONObject(document);
            String payload = read.getString("payload");
            JSONArray signatures = read.getJSONArray("signatures");
            if (signatures.length() > MOST_SIGNATURES) throw new GeneralSecurityException("too many signatures");
            int signed = 0;
            // A key counts once, however often its signature stands there.
            for (Map.Entry<String, PublicKey> key : keys.entrySet()) {
                if (isSigned(signatures, header(typ, key.getKey()), payload, key.getValue())) signed++;
            }
            if (signed < threshold) throw new GeneralSecurityException("too few have signed");
            return new JSONObject(new String(Base64Url.decode(payload), UTF_8));
        } catch (JSONException | IllegalArgumentException | StackOverflowError e) {
            throw new GeneralSecurityException(e);
        }
    }

    /** The payload without any check of its signatures: to look at, never to act on. */
    public static JSONObject unverified(String document) throws GeneralSecurityException {
        try {
            String payload = new JSONObject(document).getString("payload");
            return new JSONObject(new String(Base64Url.decode(payload), UTF_8));
        } catch (JSONException | IllegalArgumentException | StackOverflowError e) {
            throw new GeneralSecurityException(e);
        }
    }

    private static boolean isSigned(JSONArray signatures, String header, String payload, PublicKey key)
            throws JSONException {
        for (int no = 0; no < signatures.length(); no++) {
            JSONObject each = signatures.getJSONObject(no);
            if (!header.equals(each.getString("protected"))) continue;
            try {
                Es256.verify(header + "." + payload, each.getString("signature"), key);
                return true;
            } catch (GeneralSecurityException | IllegalArgumentException e) {
                // Another one of the same key may hold.
            }
        }
        return false;
    }

    /** With one spelling, so that it need not be read. */
    private static String header(String typ, String keyId) {
        String text = "{\"alg\":\"ES256\",\"typ\":\"" + typ + "\",\"kid\":\"" + keyId + "\"}";
        return Base64Url.encode(text.getBytes(UTF_8));
    }
}
