package cn.bianmin.box.fleet;

import cn.bianmin.box.bridge.Answer;
import cn.bianmin.box.bridge.Failure;
import cn.bianmin.box.keys.Base64Url;
import cn.bianmin.box.keys.Jwk;
import cn.bianmin.box.keys.KeyVault;
import cn.bianmin.box.keys.PublicKeys;
import cn.bianmin.box.keys.Sha256;
import java.nio.charset.Charset;
import java.security.SecureRandom;
import org.json.JSONObject;

/** What the terminal proves itself with where the shell itself calls: the same as the page's (stb-app/src/box/identity.ts). */
final class Proofs {
    private static final Charset UTF_8 = Charset.forName("UTF-8");
    private static final int JTI_BYTES = 16;
    private static final int ASSERTION_S = 60;

    private final KeyVault vault;
    private final SecureRandom random = new SecureRandom();

    Proofs(KeyVault vault) {
        this.vault = vault;
    }

    /** RFC 7523. `atS`: seconds since 1970, the server's. */
    String assertion(PublicKeys keys, long atS) throws Failure {
        String id = keys.terminalId();
        JSONObject claims = Answer.put(new JSONObject(), "iss", id);
        Answer.put(claims, "sub", id);
        Answer.put(claims, "aud", "bianmin");
        Answer.put(claims, "jti", newId());
        Answer.put(claims, "iat", atS);
        Answer.put(claims, "exp", atS + ASSERTION_S);
        return jws(header(keys, "client-authentication+jwt"), claims);
    }

    /** RFC 9449 §4.2, of one request. `url`: without query and fragment. */
    String dpop(PublicKeys keys, String method, String url, String accessToken, long atS) throws Failure {
        JSONObject claims = Answer.put(new JSONObject(), "htm", method);
        Answer.put(claims, "htu", url);
        Answer.put(claims, "iat", atS);
        Answer.put(claims, "jti", newId());
        Answer.put(claims, "ath", Base64Url.encode(Sha256.bytesOf(accessToken.getBytes(UTF_8))));
        return jws(Answer.put(header(keys, "dpop+jwt"), "jwk", Jwk.of(keys.sign)), claims);
    }

    private static JSONObject header(PublicKeys keys, String typ) {
        return Answer.put(Answer.put(new JSONObject(), "alg", keys.alg()), "typ", typ);
    }

    /** Compact: RFC 7515 §7.1. */
    private String jws(JSONObject header, JSONObject claims) throws Failure {
        String signed = part(header) + "." + part(claims);
        return signed + "." + Base64Url.encode(vault.sign(signed.getBytes(UTF_8)));
    }

    private static String part(JSONObject object) {
        return Base64Url.encode(object.toString().getBytes(UTF_8));
    }

    private String newId() {
        byte[] bytes = new byte[JTI_BYTES];
        random.nextBytes(bytes);
        return Base64Url.encode(bytes);
    }
}
