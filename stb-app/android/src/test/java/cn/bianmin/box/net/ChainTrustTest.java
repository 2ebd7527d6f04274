package cn.bianmin.box.net;

import static org.junit.Assert.assertThrows;

import cn.bianmin.box.testing.Resource;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;

/** Certificates of an anchor that was made for these tests; `server` is good for 2026. */
@RunWith(RobolectricTestRunner.class)
public class ChainTrustTest {
    private static X509Certificate certificate(String name) throws Exception {
        ByteArrayInputStream in = new ByteArrayInputStream(Resource.bytes("/certs/" + name + ".pem"));
        return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }

    private static ChainTrust trusting(String anchor, String instant) throws Exception {
        Date date = Date.from(Instant.parse(instant));
        return new ChainTrust(new Anchors(certificate(anchor).getEncoded()), server -> date);
    }

    private static ChainTrust ours(String instant) throws Exception {
        return trusting("anchor", instant);
    }

    private static X509Certificate[] chain(String... names) throws Exception {
        X509Certificate[] chain = new X509Certificate[names.length];
        for (int i = 0; i < names.length; i++) chain[i] = certificate(names[i]);
        return chain;
    }

    private static void refused(ChainTrust trust, String... names) throws Exception {
        X509Certificate[] chain = chain(names);
        assertThrows(CertificateException.class, () -> trust.checkServerTrusted(chain, "ECDHE_ECDSA"));
    }

    @Test
    public void trustsWhatLeadsToTheAnchorInWhateverOrder() throws Exception {
        ChainTrust trust = ours("2026-06-01T00:00:00Z");
        trust.checkServerTrusted(chain("server", "intermediate"), "ECDHE_ECDSA");
        trust.checkServerTrusted(chain("server", "other-anchor", "anchor", "intermediate"), "ECDHE_ECDSA");
    }

    @Test
    public void hasAsManyAnchorsOfItsOwnAsItWasBuiltWith() throws Exception {
        java.io.ByteArrayOutputStream both = new java.io.ByteArrayOutputStream();
        both.writeBytes(certificate("other-anchor").getEncoded());
        both.writeBytes(certificate("anchor").getEncoded());
        ChainTrust trust = new ChainTrust(new Anchors(both.toByteArray()), DateOf.OWN_BEGINNING);
        trust.checkServerTrusted(chain("server", "intermediate"), "ECDHE_ECDSA");
        both.write(0x30);
        refused(new ChainTrust(new Anchors(both.toByteArray()), DateOf.OWN_BEGINNING), "server", "intermediate");
        refused(new ChainTrust(new Anchors(new byte[0]), DateOf.OWN_BEGINNING), "server", "intermediate");
    }

    @Test
    public void judgesByTheTimeThatIsHandedIn() throws Exception {
        refused(ours("1970-01-01T00:00:00Z"), "server", "intermediate");
        refused(ours("2025-12-31T23:59:59Z"), "server", "intermediate");
        refused(ours("2027-01-01T00:00:01Z"), "server", "intermediate");
    }

    @Test
    public void forTheSignedTimeDatesAloneAreNotJudged() throws Exception {
        ChainTrust trust = new ChainTrust(new Anchors(certificate("anchor").getEncoded()), DateOf.OWN_BEGINNING);
        trust.checkServerTrusted(chain("server", "intermediate"), "ECDHE_ECDSA");
        refused(trust, "server");
        refused(trust, "client", "intermediate");
        refused(
                new ChainTrust(new Anchors(certificate("other-anchor").getEncoded()), DateOf.OWN_BEGINNING),
                "server",
                "intermediate");
    }

    @Test
    public void refusesWhatIsNotAServersOrTooWeak() throws Exception {
        ChainTrust trust = ours("2026-06-01T00:00:00Z");
        refused(trust);
        refused(trust, "server");
        refused(trust, "client", "intermediate");
        refused(trust, "sha1", "intermediate");
        refused(trust, "rsa1024", "intermediate");
        refused(trusting("other-anchor", "2026-06-01T00:00:00Z"), "server", "intermediate", "anchor");
        assertThrows(CertificateException.class, () -> trust.checkClientTrusted(chain("server"), "RSA"));
    }
}
