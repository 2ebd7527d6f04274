package cn.bianmin.box.testing;

import cn.bianmin.box.keys.Base64Url;
import cn.bianmin.box.keys.EcSignature;
import cn.bianmin.box.keys.Jwk;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import org.json.JSONException;
import org.json.JSONObject;

/** The server's key of commands. */
public final class CommandKey {
    private final KeyPair pair;

    public CommandKey() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        pair = generator.generateKeyPair();
    }

    /** What an enrolment answers. */
    public String enrolment() throws JSONException {
        JSONObject answer = new JSONObject().put("terminalId", "t").put("status", "accepted");
        return answer.put("commandKey", Jwk.of(pair.getPublic())).toString();
    }

    public String sign(String typ, JSONObject payload) throws JSONException, GeneralSecurityException {
        String signed = part(new JSONObject().put("alg", "ES256").put("typ", typ)) + "." + part(payload);
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(pair.getPrivate());
        signature.update(signed.getBytes(StandardCharsets.UTF_8));
        return signed + "." + Base64Url.encode(EcSignature.toJose(signature.sign()));
    }

    private static String part(JSONObject object) {
        return Base64Url.encode(object.toString().getBytes(StandardCharsets.UTF_8));
    }
}
