package cn.bianmin.box.testing;

import cn.bianmin.box.keys.Base64Url;
import cn.bianmin.box.keys.EcSignature;
import cn.bianmin.box.keys.Jwk;
import cn.bianmin.box.keys.KeyVault;
import cn.bianmin.box.keys.PublicKeys;
import cn.bianmin.box.net.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.util.UUID;
import org.json.JSONException;
import org.json.JSONObject;

/** Real keys without AndroidKeyStore: EC as from API 23 on, RSA as before. */
public final class TestVault implements KeyVault {
    /** False: the app was not opened yet. */
    public boolean made = true;
    private final KeyPair sign;
    private final KeyPair seal;

    public TestVault(String algorithm) throws GeneralSecurityException {
        sign = pair(algorithm);
        seal = pair("EC");
    }

    private static KeyPair pair(String algorithm) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(algorithm.equals("EC") ? 256 : 2048);
        return generator.generateKeyPair();
    }

    /** What the page sends to the server to become a terminal. */
    public HttpRequest enrolment() throws JSONException {
        PublicKeys keys = publicKeys(false);
        JSONObject header = new JSONObject().put("alg", keys.alg()).put("typ", "enrol+jws").put("jwk", Jwk.of(keys.sign));
        JSONObject payload = new JSONObject().put("signKey", Jwk.of(keys.sign)).put("sealKey", Jwk.of(keys.seal));
        payload.put("kind", "box").put("name", "a box").put("version", "0.7.0").put("jti", UUID.randomUUID().toString());
        payload.put("iat", System.currentTimeMillis() / 1000);
        String signed = part(header) + "." + part(payload);
        String jws = signed + "." + Base64Url.encode(sign(signed.getBytes(StandardCharsets.UTF_8)));
        HttpRequest request = new HttpRequest("POST", "/v1/terminal/enrol");
        request.headers.put("Content-Type", "application/json");
        request.body = new JSONObject().put("jws", jws).toString().getBytes(StandardCharsets.UTF_8);
        return request;
    }

    private static String part(JSONObject object) {
        return Base64Url.encode(object.toString().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public PublicKeys publicKeys(boolean renew) {
        return new PublicKeys(sign.getPublic(), (ECPublicKey) seal.getPublic());
    }

    @Override
    public PublicKeys madeKeys() {
        return made ? publicKeys(false) : null;
    }

    @Override
    public byte[] sign(byte[] data) {
        boolean ec = sign.getPublic() instanceof ECPublicKey;
        try {
            Signature signature = Signature.getInstance(ec ? "SHA256withECDSA" : "SHA256withRSA");
            signature.initSign(sign.getPrivate());
            signature.update(data);
            return ec ? EcSignature.toJose(signature.sign()) : signature.sign();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public String unseal(String jwe) {
        throw new AssertionError("nothing is sealed here");
    }
}
