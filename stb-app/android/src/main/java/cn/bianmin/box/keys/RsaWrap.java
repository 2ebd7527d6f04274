package cn.bianmin.box.keys;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/**
 * Under an RSA key, which is all that AndroidKeyStore makes on API 21 and 22: RSA encrypts an AES key of one use, and
 * that the secret. PKCS #1 v1.5 is what those versions decrypt; no attacker can ask them to decrypt anything else.
 */
final class RsaWrap implements KeyWrap {
    private static final String RSA = "RSA/ECB/PKCS1Padding";
    private static final int AES_BYTES = 32;

    private final KeyPair pair;

    RsaWrap(KeyPair pair) {
        this.pair = pair;
    }

    @Override
    public byte[] wrap(byte[] secret) throws GeneralSecurityException {
        byte[] aes = new byte[AES_BYTES];
        new SecureRandom().nextBytes(aes);
        Cipher cipher = Cipher.getInstance(RSA);
        cipher.init(Cipher.ENCRYPT_MODE, pair.getPublic());
        byte[] wrappedKey = cipher.doFinal(aes);
        byte[] sealed = Gcm.encrypt(new SecretKeySpec(aes, "AES"), secret);
        Arrays.fill(aes, (byte) 0);
        int length = 2 + wrappedKey.length + sealed.length;
        return ByteBuffer.allocate(length).putShort((short) wrappedKey.length).put(wrappedKey).put(sealed).array();
    }

    @Override
    public byte[] unwrap(byte[] wrapped) throws GeneralSecurityException {
        ByteBuffer parts = ByteBuffer.wrap(wrapped);
        if (parts.remaining() < 2) throw new GeneralSecurityException("too short");
        int length = parts.getShort();
        if (length < 0 || length > parts.remaining()) throw new GeneralSecurityException("too short");
        byte[] wrappedKey = new byte[length];
        parts.get(wrappedKey);
        byte[] sealed = new byte[parts.remaining()];
        parts.get(sealed);
        Cipher cipher = Cipher.getInstance(RSA);
        cipher.init(Cipher.DECRYPT_MODE, pair.getPrivate());
        return Gcm.decrypt(new SecretKeySpec(cipher.doFinal(wrappedKey), "AES"), sealed);
    }
}
