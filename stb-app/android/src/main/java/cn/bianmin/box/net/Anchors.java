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
            ByteArrayInputStream in = new ByteArrayInputStream(own);
            for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                anchors.add(new TrustAnchor((X509Certificate) each, null));
            }
            addSystems(anchors);
            all = anchors;
        }
        return all;
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
