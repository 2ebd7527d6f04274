package cn.bianmin.box.keys;

import cn.bianmin.box.bridge.Failure;

/** The terminal's two key pairs. No private part ever leaves it. Every method fails with `shell.keys-lost` or `shell.io`. */
public interface KeyVault {
    /** Makes the keys where there are none yet; lost ones only where `renew` asks for it. */
    PublicKeys publicKeys(boolean renew) throws Failure;

    /** Null where none were ever made: nothing is made here. */
    PublicKeys madeKeys() throws Failure;

    /** A JOSE signature (RFC 7518 §3.3, §3.4) of the bytes. */
    byte[] sign(byte[] data) throws Failure;

    /** Opens a JWE compact that was sealed to the seal key; fails with `shell.unseal-failed`. */
    String unseal(String jwe) throws Failure;
}
