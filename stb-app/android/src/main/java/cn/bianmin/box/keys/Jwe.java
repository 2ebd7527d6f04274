package cn.bianmin.box.keys;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.json.JSONException;
import org.json.JSONObject;

/** Opens JWE compact (RFC 7516 §5.2), `ECDH-ES` over P-256 with `A256GCM`, and nothing else. */
final class Jwe {
    private static final Charset ASCII = Charset.forName("US-ASCII");
    private static final Charset UTF_8 = Charset.forName("UTF-8");
    private static final String ENC = "A256GCM";
    private static final int IV_BYTES = 12;
    private static final int TAG_BYTES = 16;

    private Jwe() {}

    /** Throws for whatever cannot be opened; the exception's text is not for anybody. */
    static String open(String jwe, PrivateKey key) throws GeneralSecurityException {
        try {
            String[] parts = jwe.split("\\.", -1);
            // ECDH-ES alone wraps no key: the second part is empty.
            if (parts.length != 5 || !parts[1].isEmpty()) throw new GeneralSecurityException("no such JWE");
            JSONObject header = header(parts[0]);
            byte[] iv = Base64Url.decode(parts[2]);
            byte[] tag = Base64Url.decode(parts[4]);
            if (iv.length != IV_BYTES || tag.length != TAG_BYTES) throw new GeneralSecurityException("no such JWE");
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            SecretKeySpec contentKey = new SecretKeySpec(contentKey(header, key), "AES");
            cipher.init(Cipher.DECRYPT_MODE, contentKey, new GCMParameterSpec(8 * TAG_BYTES, iv));
            cipher.updateAAD(parts[0].getBytes(ASCII));
            return text(cipher.doFinal(joined(Base64Url.decode(parts[3]), tag)));
        } catch (JSONException | CharacterCodingException | RuntimeException e) {
            throw new GeneralSecurityException(e);
        }
    }

    private static JSONObject header(String part) throws GeneralSecurityException, JSONException {
        JSONObject header = new JSONObject(new String(Base64Url.decode(part), UTF_8));
        boolean known = "ECDH-ES".equals(header.opt("alg")) && ENC.equals(header.opt("enc"));
        // What a header calls critical must be understood, and we know no such thing; nor is anything compressed.
        if (!known || header.has("crit") || header.has("zip")) throw new GeneralSecurityException("no such JWE");
        return header;
    }

    private static byte[] contentKey(JSONObject header, PrivateKey key)
            throws GeneralSecurityException, JSONException {
        JSONObject epk = header.getJSONObject("epk");
        boolean known = "EC".equals(epk.opt("kty")) && "P-256".equals(epk.opt("crv"));
        if (!known) throw new GeneralSecurityException("no such key");
        KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
        agreement.init(key);
        agreement.doPhase(P256.publicKey(coordinate(epk, "x"), coordinate(epk, "y")), true);
        byte[] partyU = Base64Url.decode(header.optString("apu"));
        byte[] partyV = Base64Url.decode(header.optString("apv"));
        return ConcatKdf.derive(agreement.generateSecret(), ENC.getBytes(ASCII), partyU, partyV);
    }

    private static BigInteger coordinate(JSONObject key, String name)
            throws GeneralSecurityException, JSONException {
        byte[] bytes = Base64Url.decode(key.getString(name));
        if (bytes.length != P256.BYTES) throw new GeneralSecurityException("no such key");
        return new BigInteger(1, bytes);
    }

    /** Java's GCM reads the tag after the text. */
    private static byte[] joined(byte[] text, byte[] tag) {
        return ByteBuffer.allocate(text.length + tag.length).put(text).put(tag).array();
    }

    private static String text(byte[] bytes) throws CharacterCodingException {
        // A new decoder reports what is not UTF-8, where `new String` would put something in its place.
        return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }
}
