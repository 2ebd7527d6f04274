package cn.bianmin.box.keys;

import java.security.GeneralSecurityException;

/** Encrypts a small secret under a key that stays in AndroidKeyStore. */
interface KeyWrap {
    byte[] wrap(byte[] secret) throws GeneralSecurityException;

    byte[] unwrap(byte[] wrapped) throws GeneralSecurityException;
}
