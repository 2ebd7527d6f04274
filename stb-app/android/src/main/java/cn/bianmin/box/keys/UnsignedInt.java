package cn.bianmin.box.keys;

import java.math.BigInteger;

/** Whole numbers as JOSE's bytes: big-endian, without a sign. */
final class UnsignedInt {
    private UnsignedInt() {}

    /** Exactly so many bytes; throws `IllegalArgumentException` where that is too few. */
    static byte[] toBytes(BigInteger value, int length) {
        byte[] signed = value.toByteArray();
        int from = signed.length > 1 && signed[0] == 0 ? 1 : 0;
        int size = signed.length - from;
        if (value.signum() < 0 || size > length) throw new IllegalArgumentException("out of range");
        byte[] bytes = new byte[length];
        System.arraycopy(signed, from, bytes, length - size, size);
        return bytes;
    }

    /** As few bytes as it needs. */
    static byte[] toBytes(BigInteger value) {
        return toBytes(value, Math.max(1, (value.bitLength() + 7) / 8));
    }
}
