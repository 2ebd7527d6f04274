package cn.bianmin.box.testing;

import cn.bianmin.box.keys.Base64Url;
import cn.bianmin.box.keys.CoSigned;
import cn.bianmin.box.keys.EcSignature;
import cn.bianmin.box.keys.Jwk;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;

/** Persons of whom each signs with a key of their own, and what they sign. */
public final class ReleaseSigners {
    public static final String ROOT = "bianmin-release-root+jws";
    public static final String RELEASE = "bianmin-release-2+jws";
    private static final long DAYS = 90;

    public final List<KeyPair> pairs;

    public ReleaseSigners(KeyPair... pairs) {
        this.pairs = Arrays.asList(pairs);
    }

    public static KeyPair pair() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        return generator.generateKeyPair();
    }

    public static ReleaseSigners three() throws GeneralSecurityException {
        return new ReleaseSigners(pair(), pair(), pair());
    }

    /** Good from yesterday on. */
    public static JSONObject timed(JSONObject said, Instant now, long days) throws JSONException {
        Instant at = now.truncatedTo(ChronoUnit.SECONDS);
        return said.put("issued", at.minus(1, ChronoUnit.DAYS).toString()).put("expires", at.plus(days, ChronoUnit.DAYS).toString());
    }

    /** What a root of these persons says, two of whom must sign. */
    public JSONObject root(int version) throws JSONException {
        JSONArray keys = new JSONArray();
        for (KeyPair pair : pairs) keys.put(Jwk.of(pair.getPublic()));
        JSONObject said = new JSONObject().put("format", 1).put("version", version).put("threshold", 2).put("keys", keys);
        return timed(said, Instant.now().minus(10, ChronoUnit.DAYS), 1000);
    }

    /** A box's manifest of one package. */
    public static JSONObject manifest(JSONObject box, JSONObject file) throws JSONException {
        JSONObject said = new JSONObject().put("format", 2).put("kind", "box").put("version", "0.7.0").put("notes", "");
        said.put("box", box).put("files", new JSONArray().put(file));
        return timed(said, Instant.now(), DAYS);
    }

    public static String sign(JSONObject said, String typ, KeyPair... by) throws JSONException, GeneralSecurityException {
        String payload = part(said.toString());
        JSONArray signatures = new JSONArray();
        for (KeyPair pair : by) signatures.put(signature(payload, typ, pair, CoSigned.keyId(pair.getPublic())));
        return new JSONObject().put("payload", payload).put("signatures", signatures).toString();
    }

    /** `kid`: whose it says it is. */
    public static JSONObject signature(String payload, String typ, KeyPair pair, String kid)
            throws JSONException, GeneralSecurityException {
        String header = part("{\"alg\":\"ES256\",\"typ\":\"" + typ + "\",\"kid\":\"" + kid + "\"}");
        Signature signer = Signature.getInstance("SHA256withECDSA");
        signer.initSign(pair.getPrivate());
        signer.update((header + "." + payload).getBytes(StandardCharsets.UTF_8));
        String signature = Base64Url.encode(EcSignature.toJose(signer.sign()));
        return new JSONObject().put("protected", header).put("signature", signature);
    }

    /** The first two of these. */
    public KeyPair[] two() {
        return new ArrayList<>(pairs.subList(0, 2)).toArray(new KeyPair[0]);
    }

    private static String part(String text) {
        return Base64Url.encode(text.getBytes(StandardCharsets.UTF_8));
    }
}
