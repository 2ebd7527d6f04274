package cn.bianmin.box.net;

import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/** TLS connections whose certificates are judged by `ChainTrust`. */
public final class Tls {
    private Tls() {}

    public static SSLSocketFactory socketFactory(Anchors anchors, DateOf date) {
        try {
            SSLContext context = SSLContext.getInstance("TLSv1.2");
            context.init(null, new TrustManager[] {new ChainTrust(anchors, date)}, null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException e) {
            // Every Android since 4.1 has it.
            throw new IllegalStateException(e);
        }
    }
}
