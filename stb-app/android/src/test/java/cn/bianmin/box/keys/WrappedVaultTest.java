package cn.bianmin.box.keys;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import cn.bianmin.box.bridge.Failure;
import cn.bianmin.box.store.DurableFile;
import java.io.File;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;
import javax.crypto.KeyGenerator;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;

@RunWith(RobolectricTestRunner.class)
public class WrappedVaultTest {
    private static final byte[] DATA = {1, 2, 3};

    @Rule public final TemporaryFolder temporary = new TemporaryFolder();

    /** AndroidKeyStore, as far as the vault sees it: RSA as on API 21, EC and AES as on 23. */
    private static final class FakeShelf implements KeyShelf {
        private final boolean ec;
        KeyPair sign;
        KeyWrap wrap;
        boolean broken;

        FakeShelf(boolean ec) {
            this.ec = ec;
        }

        @Override
        public KeyPair signPair() throws GeneralSecurityException {
            if (broken) throw new GeneralSecurityException("reset");
            return sign;
        }

        @Override
        public KeyPair makeSignPair() throws GeneralSecurityException {
            sign = ec ? P256.generate() : rsa();
            return sign;
        }

        @Override
        public KeyWrap wrap() {
            return wrap;
        }

        @Override
        public KeyWrap makeWrap() throws GeneralSecurityException {
            wrap = ec ? new AesWrap(KeyGenerator.getInstance("AES").generateKey()) : new RsaWrap(rsa());
            return wrap;
        }

        @Override
        public void removeAll() {
            sign = null;
            wrap = null;
            broken = false;
        }

        private static KeyPair rsa() throws GeneralSecurityException {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        }
    }

    private KeyVault vault(FakeShelf shelf) {
        return new WrappedVault(shelf, new DurableFile(new File(temporary.getRoot(), "seal.key")));
    }

    private static String told(PublicKeys keys) {
        return keys.alg() + Jwk.of(keys.sign) + Jwk.of(keys.seal);
    }

    private static boolean verifies(PublicKeys keys, byte[] signature) throws Exception {
        boolean ec = keys.alg().equals("ES256");
        Signature verifying = Signature.getInstance(ec ? "SHA256withECDSA" : "SHA256withRSA");
        verifying.initVerify(keys.sign);
        verifying.update(DATA);
        return verifying.verify(ec ? EcSignature.toDer(signature) : signature);
    }

    @Test
    public void keysAreMadeOnceAndKept() throws Exception {
        for (boolean ec : new boolean[] {false, true}) {
            new File(temporary.getRoot(), "seal.key").delete();
            FakeShelf shelf = new FakeShelf(ec);
            PublicKeys keys = vault(shelf).publicKeys(false);
            assertEquals(ec ? "ES256" : "RS256", keys.alg());
            assertEquals(told(keys), told(vault(shelf).publicKeys(false)));
            assertEquals(told(keys), told(vault(shelf).publicKeys(true)));
            assertTrue(verifies(keys, vault(shelf).sign(DATA)));
            assertEquals("shell.unseal-failed", assertThrows(Failure.class, () -> vault(shelf).unseal("x")).code);
        }
    }

    @Test
    public void whoOnlyAsksForTheKeysMakesNone() throws Exception {
        FakeShelf shelf = new FakeShelf(true);
        assertNull(vault(shelf).madeKeys());
        assertNull(shelf.sign);
        PublicKeys keys = vault(shelf).publicKeys(false);
        assertEquals(told(keys), told(vault(shelf).madeKeys()));
        assertEquals(keys.terminalId(), vault(shelf).madeKeys().terminalId());
        shelf.broken = true;
        assertEquals("shell.keys-lost", assertThrows(Failure.class, () -> vault(shelf).madeKeys()).code);
    }

    /** RFC 7638 §3.1. */
    @Test
    public void aThumbprintIsThatOfTheStandard() throws Exception {
        byte[] n = Base64Url.decode(
                "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_"
                        + "2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbIS"
                        + "D08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw");
        RSAPublicKeySpec spec = new RSAPublicKeySpec(new BigInteger(1, n), BigInteger.valueOf(65537));
        assertEquals(
                "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs",
                Jwk.thumbprint(KeyFactory.getInstance("RSA").generatePublic(spec)));
    }

    @Test
    public void publicKeysAreJwks() throws Exception {
        String told = told(vault(new FakeShelf(false)).publicKeys(false));
        assertTrue(told, told.matches("RS256\\{\"kty\":\"RSA\",\"n\":\"[\\w-]{342}\",\"e\":\"AQAB\"\\}"
                + "\\{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"[\\w-]{43}\",\"y\":\"[\\w-]{43}\"\\}"));
    }

    @Test
    public void lostKeysAreNeverReplacedUnasked() throws Exception {
        FakeShelf shelf = new FakeShelf(true);
        String before = told(vault(shelf).publicKeys(false));
        shelf.broken = true;
        for (int i = 0; i < 2; i++) {
            assertEquals("shell.keys-lost", assertThrows(Failure.class, () -> vault(shelf).publicKeys(false)).code);
            assertEquals("shell.keys-lost", assertThrows(Failure.class, () -> vault(shelf).sign(DATA)).code);
        }
        String after = told(vault(shelf).publicKeys(true));
        assertNotEquals(before, after);
        assertEquals(after, told(vault(shelf).publicKeys(false)));
    }

    @Test
    public void aWrapThatIsGoneIsALoss() throws Exception {
        FakeShelf shelf = new FakeShelf(false);
        vault(shelf).publicKeys(false);
        shelf.makeWrap();
        assertEquals("shell.keys-lost", assertThrows(Failure.class, () -> vault(shelf).unseal("x")).code);
    }

    @Test
    public void whatAPowerCutLeftOfTheMakingIsMadeAnew() throws Exception {
        FakeShelf shelf = new FakeShelf(false);
        shelf.makeSignPair();
        RSAPublicKey left = (RSAPublicKey) shelf.sign.getPublic();
        assertNotEquals(left, vault(shelf).publicKeys(false).sign);
    }
}
