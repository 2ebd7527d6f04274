package cn.bianmin.box.keys;

import cn.bianmin.box.bridge.Failure;
import cn.bianmin.box.shell.ShellCodes;
import cn.bianmin.box.store.DurableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;

/**
 * The sign key in a `KeyShelf`; the seal key in a file that a key of it wraps, as no AndroidKeyStore below API 31 can
 * agree on keys. The file is written last: with it the keys are whole.
 */
public final class WrappedVault implements KeyVault {
    private static final byte FORMAT = 1;

    private final KeyShelf shelf;
    private final DurableFile file;
    /** Null until they were needed. */
    private KeyPair sign;
    private KeyPair seal;

    public WrappedVault(KeyShelf shelf, DurableFile file) {
        this.shelf = shelf;
        this.file = file;
    }

    @Override
    public synchronized PublicKeys publicKeys(boolean renew) throws Failure {
        try {
            load(true);
        } catch (Failure lost) {
            if (!renew || !KeyCodes.KEYS_LOST.equals(lost.code)) throw lost;
            forget();
            load(true);
        }
        return new PublicKeys(sign.getPublic(), (ECPublicKey) seal.getPublic());
    }

    @Override
    public synchronized PublicKeys madeKeys() throws Failure {
        try {
            if (sign == null && file.read() == null) return null;
        } catch (IOException e) {
            throw new Failure(ShellCodes.IO, e);
        }
        load(false);
        return new PublicKeys(sign.getPublic(), (ECPublicKey) seal.getPublic());
    }

    @Override
    public synchronized byte[] sign(byte[] data) throws Failure {
        load(false);
        boolean ec = sign.getPublic() instanceof ECPublicKey;
        try {
            Signature signature = Signature.getInstance(ec ? "SHA256withECDSA" : "SHA256withRSA");
            signature.initSign(sign.getPrivate());
            signature.update(data);
            byte[] made = signature.sign();
            return ec ? EcSignature.toJose(made) : made;
        } catch (GeneralSecurityException e) {
            // A key that was there and cannot sign: its store was reset under it.
            throw new Failure(KeyCodes.KEYS_LOST, e);
        }
    }

    @Override
    public synchronized String unseal(String jwe) throws Failure {
        load(false);
        try {
            return Jwe.open(jwe, seal.getPrivate());
        } catch (GeneralSecurityException e) {
            throw new Failure(KeyCodes.UNSEAL_FAILED);
        }
    }

    private void load(boolean make) throws Failure {
        if (sign != null && seal != null) return;
        try {
            byte[] wrapped = file.read();
            if (wrapped != null) open(wrapped);
            else if (make) make();
            // No caller was told of keys that were never made.
            else throw new Failure(KeyCodes.KEYS_LOST);
        } catch (IOException e) {
            throw new Failure(ShellCodes.IO, e);
        } catch (GeneralSecurityException | RuntimeException e) {
            // AndroidKeyStore throws unchecked exceptions, too, when it was reset.
            throw new Failure(KeyCodes.KEYS_LOST, e);
        }
    }

    private void open(byte[] wrapped) throws GeneralSecurityException, IOException {
        KeyPair signPair = shelf.signPair();
        KeyWrap wrap = shelf.wrap();
        if (signPair == null || wrap == null) throw new GeneralSecurityException("keys are gone");
        seal = unpack(wrap.unwrap(wrapped));
        sign = signPair;
    }

    private void make() throws GeneralSecurityException, IOException {
        // A power cut may have left a part of it, which no caller was told of.
        shelf.removeAll();
        KeyPair signPair = shelf.makeSignPair();
        KeyPair sealPair = P256.generate();
        file.write(shelf.makeWrap().wrap(pack(sealPair)));
        sign = signPair;
        seal = sealPair;
    }

    private void forget() throws Failure {
        sign = null;
        seal = null;
        try {
            file.remove();
        } catch (IOException e) {
            throw new Failure(ShellCodes.IO, e);
        }
    }

    private static byte[] pack(KeyPair pair) {
        byte[] secret = pair.getPrivate().getEncoded();
        byte[] open = pair.getPublic().getEncoded();
        int length = 3 + secret.length + open.length;
        return ByteBuffer.allocate(length).put(FORMAT).putShort((short) secret.length).put(secret).put(open).array();
    }

    private static KeyPair unpack(byte[] bytes) throws GeneralSecurityException {
        ByteBuffer parts = ByteBuffer.wrap(bytes);
        if (parts.remaining() < 3 || parts.get() != FORMAT) throw new GeneralSecurityException("unknown format");
        byte[] secret = new byte[parts.getShort()];
        parts.get(secret);
        byte[] open = new byte[parts.remaining()];
        parts.get(open);
        KeyFactory factory = KeyFactory.getInstance("EC");
        PrivateKey key = factory.generatePrivate(new PKCS8EncodedKeySpec(secret));
        return new KeyPair(factory.generatePublic(new X509EncodedKeySpec(open)), key);
    }
}
