package cn.bianmin.box.keys;

import android.content.Context;
import android.os.Build;
import android.security.KeyPairGeneratorSpec;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.util.Date;
import javax.crypto.SecretKey;
import javax.security.auth.x500.X500Principal;

/** AndroidKeyStore. A box that came from API 22 to 23 keeps its RSA keys: what is there decides. */
public final class AndroidKeyShelf implements KeyShelf {
    static final String STORE = "AndroidKeyStore";
    static final String SIGN = "bianmin-sign";
    static final String WRAP = "bianmin-wrap";

    private static final int RSA_BITS = 2048;
    /** A certificate around the key, which is not read; boxes wake in 1970. */
    private static final Date BEGINNING = new Date(0);
    private static final Date END = new Date(4102444800000L);

    private final Context context;

    public AndroidKeyShelf(Context context) {
        this.context = context;
    }

    @Override
    public KeyPair signPair() throws GeneralSecurityException, IOException {
        return pair(SIGN);
    }

    @Override
    public KeyPair makeSignPair() throws GeneralSecurityException {
        return Build.VERSION.SDK_INT >= 23 ? Api23Keys.makeSignPair() : makeRsaPair(SIGN);
    }

    @Override
    public KeyWrap wrap() throws GeneralSecurityException, IOException {
        Key key = store().getKey(WRAP, null);
        if (key == null && !store().containsAlias(WRAP)) return null;
        return key instanceof SecretKey ? new AesWrap((SecretKey) key) : new RsaWrap(pair(WRAP));
    }

    @Override
    public KeyWrap makeWrap() throws GeneralSecurityException {
        if (Build.VERSION.SDK_INT >= 23) return new AesWrap(Api23Keys.makeWrapKey());
        return new RsaWrap(makeRsaPair(WRAP));
    }

    @Override
    public void removeAll() throws GeneralSecurityException, IOException {
        KeyStore store = store();
        store.deleteEntry(SIGN);
        store.deleteEntry(WRAP);
    }

    private static KeyPair pair(String alias) throws GeneralSecurityException, IOException {
        KeyStore store = store();
        if (!store.containsAlias(alias)) return null;
        Key key = store.getKey(alias, null);
        if (!(key instanceof PrivateKey) || store.getCertificate(alias) == null) {
            throw new GeneralSecurityException("the key cannot be used");
        }
        return new KeyPair(store.getCertificate(alias).getPublicKey(), (PrivateKey) key);
    }

    /** What API 23 calls deprecated is all that there is before. */
    @SuppressWarnings("deprecation")
    private KeyPair makeRsaPair(String alias) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA", STORE);
        generator.initialize(
                new KeyPairGeneratorSpec.Builder(context)
                        .setAlias(alias)
                        .setKeySize(RSA_BITS)
                        .setSubject(new X500Principal("CN=" + alias))
                        .setSerialNumber(BigInteger.ONE)
                        .setStartDate(BEGINNING)
                        .setEndDate(END)
                        .build());
        return generator.generateKeyPair();
    }

    private static KeyStore store() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(STORE);
        store.load(null);
        return store;
    }
}
