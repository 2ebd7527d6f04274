package cn.bianmin.box.keys;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;

/** The key of a JWE from what both sides agreed on: RFC 7518 §4.6.2, one round of SHA-256. */
final class ConcatKdf {
    private static final int KEY_BITS = 256;

    private ConcatKdf() {}

    static byte[] derive(byte[] agreed, byte[] algorithm, byte[] partyU, byte[] partyV)
            throws GeneralSecurityException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update(number(1));
        digest.update(agreed);
        for (byte[] part : Arrays.asList(algorithm, partyU, partyV)) {
            digest.update(number(part.length));
            digest.update(part);
        }
        digest.update(number(KEY_BITS));
        return digest.digest();
    }

    private static byte[] number(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }
}
