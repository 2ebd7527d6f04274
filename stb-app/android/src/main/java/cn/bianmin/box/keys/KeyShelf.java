package cn.bianmin.box.keys;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;

/** Where keys lie that no program can read: AndroidKeyStore, behind what this app asks of it. */
interface KeyShelf {
    /** Null where there is none. Throws where there is one that cannot be used any more. */
    KeyPair signPair() throws GeneralSecurityException, IOException;

    /** EC where the platform makes such keys, else RSA with 2048 bits. */
    KeyPair makeSignPair() throws GeneralSecurityException;

    /** Null where there is none. */
    KeyWrap wrap() throws GeneralSecurityException, IOException;

    KeyWrap makeWrap() throws GeneralSecurityException;

    void removeAll() throws GeneralSecurityException, IOException;
}
