package cn.bianmin.box.keys;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.EllipticCurve;

/** The curve P-256 (FIPS 186-4 D.1.2.3). */
final class P256 {
    static final String NAME = "secp256r1";
    static final int BYTES = 32;

    private static final BigInteger P = hex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
    private static final BigInteger A = P.subtract(BigInteger.valueOf(3));
    private static final BigInteger B = hex("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b");
    private static final ECParameterSpec SPEC =
            new ECParameterSpec(
                    new EllipticCurve(new ECFieldFp(P), A, B),
                    new ECPoint(
                            hex("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"),
                            hex("4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5")),
                    hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"),
                    1);

    private P256() {}

    static KeyPair generate() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(NAME));
        return generator.generateKeyPair();
    }

    /** Refuses what is no point of the curve: agreeing on a key with one tells the other side of ours. */
    static ECPublicKey publicKey(BigInteger x, BigInteger y) throws GeneralSecurityException {
        boolean inField = x.signum() >= 0 && y.signum() >= 0 && x.compareTo(P) < 0 && y.compareTo(P) < 0;
        BigInteger right = x.pow(3).add(A.multiply(x)).add(B).mod(P);
        if (!inField || !y.pow(2).mod(P).equals(right)) throw new GeneralSecurityException("not on the curve");
        ECPublicKeySpec spec = new ECPublicKeySpec(new ECPoint(x, y), SPEC);
        return (ECPublicKey) KeyFactory.getInstance("EC").generatePublic(spec);
    }

    private static BigInteger hex(String text) {
        return new BigInteger(text, 16);
    }
}
