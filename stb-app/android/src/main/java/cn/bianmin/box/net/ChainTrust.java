package cn.bianmin.box.net;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;
import javax.net.ssl.X509TrustManager;

/**
 * Judges a server's chain (RFC 5280) by a time that is handed in, which the system's own judge does not allow. Whether
 * the name matches is judged by `HttpsURLConnection`, as always. Revocation is not asked for.
 */
final class ChainTrust implements X509TrustManager {
    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    private static final int LEAST_RSA_BITS = 2048;

    private final Anchors anchors;
    private final DateOf date;

    ChainTrust(Anchors anchors, DateOf date) {
        this.anchors = anchors;
        this.date = date;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        if (chain == null || chain.length == 0) throw new CertificateException("no certificate");
        try {
            X509CertSelector server = new X509CertSelector();
            server.setCertificate(chain[0]);
            server.setExtendedKeyUsage(Collections.singleton(SERVER_AUTH));
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors.all(), server);
            // What servers send besides, and in which order, varies.
            parameters.addCertStore(
                    CertStore.getInstance("Collection", new CollectionCertStoreParameters(Arrays.asList(chain))));
            parameters.setDate(date.of(chain[0]));
            parameters.setRevocationEnabled(false);
            PKIXCertPathBuilderResult found =
                    (PKIXCertPathBuilderResult) CertPathBuilder.getInstance("PKIX").build(parameters);
            for (Certificate each : found.getCertPath().getCertificates()) requireStrength((X509Certificate) each);
        } catch (GeneralSecurityException | IOException e) {
            throw new CertificateException(e);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("this is no server");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }

    /** Old platforms still take signatures that can be forged. */
    private static void requireStrength(X509Certificate certificate) throws CertificateException {
        String algorithm = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
        boolean weak = algorithm.startsWith("MD") || algorithm.startsWith("SHA1");
        boolean small =
                certificate.getPublicKey() instanceof RSAPublicKey
                        && ((RSAPublicKey) certificate.getPublicKey()).getModulus().bitLength() < LEAST_RSA_BITS;
        if (weak || small) throw new CertificateException("too weak");
    }
}
