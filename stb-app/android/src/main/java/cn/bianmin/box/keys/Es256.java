package cn.bianmin.box.keys;

import java.math.BigInteger;
import java.nio.charset.Charset;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import org.json.JSONException;
import org.json.JSONObject;

/** Opens compact JWS by ES256 (RFC 7515 §5.2, RFC 7518 §3.4), and nothing else. */
public final class Es256 {
    private static final Charset UTF_8 = Charset.forName("UTF-8");

    private Es256() {}

    /** A public key as RFC 7517 writes it; throws for what is no point of P-256. */
    public static PublicKey publicKey(JSONObject jwk) throws GeneralSecurityException {
        boolean known = "EC".equals(jwk.opt("kty")) && "P-256".equals(jwk.opt("crv"));
        if (!known) throw new GeneralSecurityException("no such key");
        return P256.publicKey(coordinate(jwk, "x"), coordinate(jwk, "y"));
    }

    /** The payload of what this key signed, of this `typ`; throws for anything else. */
    public static JSONObject open(String jws, String typ, PublicKey key) throws GeneralSecurityException {
        String[] parts = jws.split("\\.", -1);
        if (parts.length != 3) throw new GeneralSecurityException("no JWS");
        try {
            JSONObject header = json(parts[0]);
            boolean known = "ES256".equals(header.opt("alg")) && typ.equals(header.opt("typ"));
            // What a header calls critical must be understood, and we know no such thing.
            if (!known || header.has("crit") || header.has("b64")) throw new GeneralSecurityException("another message");
            verify(parts[0] + "." + parts[1], parts[2], key);
            return json(parts[1]);
        } catch (JSONException | IllegalArgumentException | StackOverflowError e) {
            throw new GeneralSecurityException(e);
        }
    }

    /** Throws where this key has not signed the text; `signature`: base64url. */
    static void verify(String signed, String signature, PublicKey key) throws GeneralSecurityException {
        Signature verifier = Signature.getInstance("SHA256withECDSA");
        verifier.initVerify(key);
        verifier.update(signed.getBytes(UTF_8));
        if (!verifier.verify(EcSignature.toDer(Base64Url.decode(signature)))) {
            throw new GeneralSecurityException("not signed");
        }
    }

    private static JSONObject json(String part) throws JSONException {
        return new JSONObject(new String(Base64Url.decode(part), UTF_8));
    }

    private static BigInteger coordinate(JSONObject jwk, String name) throws GeneralSecurityException {
        byte[] bytes;
        try {
            bytes = Base64Url.decode(jwk.optString(name));
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException(e);
        }
        if (bytes.length != P256.BYTES) throw new GeneralSecurityException("no such key");
        return new BigInteger(1, bytes);
    }
}
