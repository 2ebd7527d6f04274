package cn.bianmin.box.time;

import cn.bianmin.box.keys.Base64Url;
import cn.bianmin.box.keys.EcSignature;
import java.nio.charset.Charset;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import org.json.JSONException;
import org.json.JSONObject;

/** The server's time as it signs it: docs/protocol/box-shell.md, "The time". */
final class TimeAnswer {
    private static final Charset UTF_8 = Charset.forName("UTF-8");

    private TimeAnswer() {}

    /** Milliseconds since 1970; throws for an answer that is not signed by the key for this nonce. */
    static long verify(String json, String nonce, PublicKey key) throws GeneralSecurityException {
        try {
            JSONObject answer = new JSONObject(json);
            Object time = answer.get("time");
            if (!(time instanceof Long || time instanceof Integer)) throw new GeneralSecurityException("no time");
            if (!nonce.equals(answer.get("nonce"))) throw new GeneralSecurityException("another's answer");
            long epochMs = ((Number) time).longValue();
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initVerify(key);
            signature.update(("bianmin-time\n" + nonce + "\n" + epochMs).getBytes(UTF_8));
            byte[] der = EcSignature.toDer(Base64Url.decode(answer.getString("signature")));
            if (!signature.verify(der)) throw new GeneralSecurityException("not signed");
            return epochMs;
        } catch (JSONException | IllegalArgumentException e) {
            throw new GeneralSecurityException(e);
        }
    }
}
