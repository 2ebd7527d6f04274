package cn.bianmin.box.keys;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/** AES-GCM with a random nonce before the text. */
final class Gcm {
    private static final int IV_BYTES = 12;
    private static final int TAG_BITS = 128;

    private Gcm() {}

    static byte[] encrypt(Key key, byte[] clear) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        // The provider draws the nonce: AndroidKeyStore takes none of ours.
        cipher.init(Cipher.ENCRYPT_MODE, key);
        byte[] sealed = cipher.doFinal(clear);
        byte[] iv = cipher.getIV();
        if (iv == null || iv.length != IV_BYTES) throw new GeneralSecurityException("no nonce");
        return ByteBuffer.allocate(IV_BYTES + sealed.length).put(iv).put(sealed).array();
    }

    static byte[] decrypt(Key key, byte[] bytes) throws GeneralSecurityException {
        if (bytes.length < IV_BYTES) throw new GeneralSecurityException("too short");
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, Arrays.copyOf(bytes, IV_BYTES)));
        return cipher.doFinal(bytes, IV_BYTES, bytes.length - IV_BYTES);
    }
}
