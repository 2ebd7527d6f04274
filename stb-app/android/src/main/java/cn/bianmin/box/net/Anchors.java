package cn.bianmin.box.net;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;

/** Whom the box trusts to vouch for a server: our own anchors and the system's, and none that a person or app added. */
public final class Anchors {
    private static final String SYSTEM_STORE = "AndroidCAStore";
    private static final String OF_SYSTEM = "system:";

    private final byte[] own;
    /** Null until it was needed: reading 150 certificates takes an old box a second. */
    private Set<TrustAnchor> all;

    /** `own`: X.509, DER, one after the other. */
    public Anchors(byte[] own) {
        this.own = own;
    }

    synchronized Set<TrustAnchor> all() throws GeneralSecurityException {
        if (all == null) {
            Set<TrustAnchor> anchors = new HashSet<>();
            addOwn(anchors);
            addSystems(anchors);
            all = anchors;
        }
        return all;
    }

    private void addOwn(Set<TrustAnchor> anchors) throws GeneralSecurityException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        for (int at = 0; at < own.length; ) {
            // A sequence with a length of two bytes (X.690 §8.1.3.5), as every certificate is: 256 to 65,535 bytes.
            boolean sequence = at + 4 <= own.length && own[at] == 0x30 && own[at + 1] == (byte) 0x82;
            if (!sequence) throw new GeneralSecurityException("not a certificate");
            int length = 4 + ((own[at + 2] & 0xFF) << 8 | own[at + 3] & 0xFF);
            if (at + length > own.length) throw new GeneralSecurityException("not a certificate");
            ByteArrayInputStream one = new ByteArrayInputStream(own, at, length);
            anchors.add(new TrustAnchor((X509Certificate) factory.generateCertificate(one), null));
            at += length;
        }
    }

    private static void addSystems(Set<TrustAnchor> anchors) throws GeneralSecurityException {
        KeyStore store;
        try {
            store = KeyStore.getInstance(SYSTEM_STORE);
            store.load(null);
        } catch (GeneralSecurityException | IOException e) {
            // A box without a store has our own.
            return;
        }
        for (String alias : Collections.list(store.aliases())) {
            Certificate certificate = alias.startsWith(OF_SYSTEM) ? store.getCertificate(alias) : null;
            if (certificate instanceof X509Certificate) {
                anchors.add(new TrustAnchor((X509Certificate) certificate, null));
            }
        }
    }
}
