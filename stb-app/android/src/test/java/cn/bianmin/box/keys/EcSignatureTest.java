package cn.bianmin.box.keys;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.security.KeyPair;
import java.security.Signature;
import java.security.SignatureException;
import java.util.Arrays;
import org.junit.Test;

public class EcSignatureTest {
    @Test
    public void goesToJoseAndBack() throws Exception {
        KeyPair pair = P256.generate();
        // Numbers with a leading zero, or too short, come up once in some hundreds.
        for (int i = 0; i < 400; i++) {
            Signature signing = Signature.getInstance("SHA256withECDSA");
            signing.initSign(pair.getPrivate());
            signing.update((byte) i);
            byte[] der = signing.sign();
            byte[] jose = EcSignature.toJose(der);
            assertEquals(64, jose.length);
            assertArrayEquals(der, EcSignature.toDer(jose));
            Signature verifying = Signature.getInstance("SHA256withECDSA");
            verifying.initVerify(pair.getPublic());
            verifying.update((byte) i);
            assertTrue(verifying.verify(EcSignature.toDer(jose)));
        }
    }

    @Test
    public void shortNumbersAreFilledUp() throws Exception {
        byte[] jose = EcSignature.toJose(new byte[] {0x30, 7, 2, 1, 5, 2, 2, 0, (byte) 0x80});
        byte[] wanted = new byte[64];
        wanted[31] = 5;
        wanted[63] = (byte) 0x80;
        assertArrayEquals(wanted, jose);
    }

    @Test
    public void whatIsNoSignatureIsRefused() {
        byte[][] wrong = {
            {},
            {0x30, 6, 2, 1, 1, 2, 1},
            {0x31, 6, 2, 1, 1, 2, 1, 1},
            {0x30, 6, 2, 1, 1, 2, 2, 1},
            {0x30, 6, 2, 1, 1, 3, 1, 1},
            {0x30, 7, 2, 1, 1, 2, 1, 1, 0},
            Arrays.copyOf(new byte[] {0x30, 78, 2, 40}, 80),
        };
        for (byte[] der : wrong) assertThrows(SignatureException.class, () -> EcSignature.toJose(der));
        assertThrows(SignatureException.class, () -> EcSignature.toDer(new byte[63]));
    }
}
