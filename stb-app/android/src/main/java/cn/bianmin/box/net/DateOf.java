package cn.bianmin.box.net;

import java.security.cert.X509Certificate;
import java.util.Date;

/** The time at which a server's certificate is judged. */
public interface DateOf {
    Date of(X509Certificate server);

    /** For the one answer that brings the time and is signed itself: dates are not judged, all else is. */
    DateOf OWN_BEGINNING =
            new DateOf() {
                @Override
                public Date of(X509Certificate server) {
                    return server.getNotBefore();
                }
            };
}
