package cn.bianmin.box.testing;

import cn.bianmin.box.keys.EcSignature;
import cn.bianmin.box.keys.KeyVault;
import cn.bianmin.box.keys.PublicKeys;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;

/** Real keys without AndroidKeyStore: EC as from API 23 on, RSA as before. */
public final class TestVault implements KeyVault {
    /** False: nobody has opened the app yet. */
    public boolean made = true;
    private final KeyPair sign;
    private final KeyPair seal;

    public TestVault(String algorithm) throws GeneralSecurityException {
        sign = pair(algorithm);
        seal = pair("EC");
    }

    private static KeyPair pair(String algorithm) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(algorithm.equals("EC") ? 256 : 2048);
        return generator.generateKeyPair();
    }

    @Override
    public PublicKeys publicKeys(boolean renew) {
        return new PublicKeys(sign.getPublic(), (ECPublicKey) seal.getPublic());
    }

    @Override
    public PublicKeys madeKeys() {
        return made ? publicKeys(false) : null;
    }

    @Override
    public byte[] sign(byte[] data) {
        boolean ec = sign.getPublic() instanceof ECPublicKey;
        try {
            Signature signature = Signature.getInstance(ec ? "SHA256withECDSA" : "SHA256withRSA");
            signature.initSign(sign.getPrivate());
            signature.update(data);
            return ec ? EcSignature.toJose(signature.sign()) : signature.sign();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public String unseal(String jwe) {
        throw new AssertionError("nothing is sealed here");
    }
}
