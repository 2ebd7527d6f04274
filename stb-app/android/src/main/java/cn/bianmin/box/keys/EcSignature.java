package cn.bianmin.box.keys;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.security.SignatureException;
import java.util.Arrays;

/** An ES256 signature as Java has it (DER) and as JOSE has it (r ‖ s, RFC 7518 §3.4). */
public final class EcSignature {
    private static final int SEQUENCE = 0x30;
    private static final int INTEGER = 0x02;

    private EcSignature() {}

    public static byte[] toJose(byte[] der) throws SignatureException {
        // Two numbers of at most 33 bytes each: every length is one byte.
        if (der.length < 8 || der[0] != SEQUENCE || der[1] != der.length - 2) throw new SignatureException();
        byte[] r = integer(der, 2);
        byte[] s = integer(der, 4 + r.length);
        if (6 + r.length + s.length != der.length) throw new SignatureException();
        byte[] jose = new byte[2 * P256.BYTES];
        try {
            System.arraycopy(UnsignedInt.toBytes(new BigInteger(r), P256.BYTES), 0, jose, 0, P256.BYTES);
            System.arraycopy(UnsignedInt.toBytes(new BigInteger(s), P256.BYTES), 0, jose, P256.BYTES, P256.BYTES);
        } catch (IllegalArgumentException e) {
            throw new SignatureException(e);
        }
        return jose;
    }

    public static byte[] toDer(byte[] jose) throws SignatureException {
        if (jose.length != 2 * P256.BYTES) throw new SignatureException();
        byte[] r = new BigInteger(1, Arrays.copyOf(jose, P256.BYTES)).toByteArray();
        byte[] s = new BigInteger(1, Arrays.copyOfRange(jose, P256.BYTES, jose.length)).toByteArray();
        ByteArrayOutputStream der = new ByteArrayOutputStream();
        der.write(SEQUENCE);
        der.write(4 + r.length + s.length);
        for (byte[] number : new byte[][] {r, s}) {
            der.write(INTEGER);
            der.write(number.length);
            der.write(number, 0, number.length);
        }
        return der.toByteArray();
    }

    private static byte[] integer(byte[] der, int at) throws SignatureException {
        if (at + 2 > der.length || der[at] != INTEGER) throw new SignatureException();
        int length = der[at + 1];
        if (length < 1 || at + 2 + length > der.length) throw new SignatureException();
        return Arrays.copyOfRange(der, at + 2, at + 2 + length);
    }
}
