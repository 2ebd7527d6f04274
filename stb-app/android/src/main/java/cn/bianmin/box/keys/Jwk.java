package cn.bianmin.box.keys;

import cn.bianmin.box.bridge.Answer;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import org.json.JSONObject;

/** Public keys as RFC 7517 writes them. */
public final class Jwk {
    private Jwk() {}

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
