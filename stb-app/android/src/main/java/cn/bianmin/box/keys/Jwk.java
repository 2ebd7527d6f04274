package cn.bianmin.box.keys;

import cn.bianmin.box.bridge.Answer;
import java.nio.charset.Charset;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import org.json.JSONObject;

/** Public keys as RFC 7517 writes them. */
public final class Jwk {
    private static final Charset ASCII = Charset.forName("US-ASCII");
    private static final String[] EC_MEMBERS = {"crv", "kty", "x", "y"};
    private static final String[] RSA_MEMBERS = {"e", "kty", "n"};

    private Jwk() {}

    /** RFC 7638 §3: SHA-256, base64url, of the members that it names, in their order. */
    public static String thumbprint(PublicKey key) {
        JSONObject jwk = of(key);
        String[] names = key instanceof ECPublicKey ? EC_MEMBERS : RSA_MEMBERS;
        StringBuilder text = new StringBuilder();
        for (String name : names) {
            text.append(text.length() == 0 ? '{' : ',').append('"').append(name).append("\":\"");
            text.append(jwk.optString(name)).append('"');
        }
        return Base64Url.encode(Sha256.bytesOf(text.append('}').toString().getBytes(ASCII)));
    }

    public static JSONObject of(PublicKey key) {
        JSONObject jwk = new JSONObject();
        if (key instanceof ECPublicKey) {
            ECPublicKey ec = (ECPublicKey) key;
            Answer.put(jwk, "kty", "EC");
            Answer.put(jwk, "crv", "P-256");
            Answer.put(jwk, "x", Base64Url.encode(UnsignedInt.toBytes(ec.getW().getAffineX(), P256.BYTES)));
            return Answer.put(jwk, "y", Base64Url.encode(UnsignedInt.toBytes(ec.getW().getAffineY(), P256.BYTES)));
        }
        RSAPublicKey rsa = (RSAPublicKey) key;
        Answer.put(jwk, "kty", "RSA");
        Answer.put(jwk, "n", Base64Url.encode(UnsignedInt.toBytes(rsa.getModulus())));
        return Answer.put(jwk, "e", Base64Url.encode(UnsignedInt.toBytes(rsa.getPublicExponent())));
    }
}
