package cn.bianmin.box.keys;

import java.security.GeneralSecurityException;
import javax.crypto.SecretKey;

/** Under an AES key of AndroidKeyStore: from API 23 on. */
final class AesWrap implements KeyWrap {
    private final SecretKey key;

    AesWrap(SecretKey key) {
        this.key = key;
    }

    @Override
    public byte[] wrap(byte[] secret) throws GeneralSecurityException {
        return Gcm.encrypt(key, secret);
    }

    @Override
    public byte[] unwrap(byte[] wrapped) throws GeneralSecurityException {
        return Gcm.decrypt(key, wrapped);
    }
}
