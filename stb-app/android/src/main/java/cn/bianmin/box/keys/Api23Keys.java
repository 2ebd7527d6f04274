package cn.bianmin.box.keys;

import android.security.keystore.KeyGenParameterSpec;
import android.security.keystore.KeyProperties;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import javax.crypto.KeyGenerator;
import javax.crypto.SecretKey;

/** What AndroidKeyStore makes from API 23 on. Loaded there only. */
final class Api23Keys {
    private Api23Keys() {}

    static KeyPair makeSignPair() throws GeneralSecurityException {
        KeyPairGenerator generator =
                KeyPairGenerator.getInstance(KeyProperties.KEY_ALGORITHM_EC, AndroidKeyShelf.STORE);
        generator.initialize(
                new KeyGenParameterSpec.Builder(AndroidKeyShelf.SIGN, KeyProperties.PURPOSE_SIGN)
                        .setAlgorithmParameterSpec(new ECGenParameterSpec(P256.NAME))
                        .setDigests(KeyProperties.DIGEST_SHA256)
                        .build());
        return generator.generateKeyPair();
    }

    static SecretKey makeWrapKey() throws GeneralSecurityException {
        KeyGenerator generator = KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, AndroidKeyShelf.STORE);
        int purposes = KeyProperties.PURPOSE_ENCRYPT | KeyProperties.PURPOSE_DECRYPT;
        generator.init(
                new KeyGenParameterSpec.Builder(AndroidKeyShelf.WRAP, purposes)
                        .setKeySize(256)
                        .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
                        .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)
                        .build());
        return generator.generateKey();
    }
}
