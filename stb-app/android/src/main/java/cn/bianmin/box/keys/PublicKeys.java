package cn.bianmin.box.keys;

import java.nio.charset.Charset;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;

/** What may be told of the keys. */
public final class PublicKeys {
    private static final Charset ASCII = Charset.forName("US-ASCII");
    private static final int ID_DIGITS = 30;
    private static final int FINGERPRINT = 12;

    public final PublicKey sign;
    public final ECPublicKey seal;

    public PublicKeys(PublicKey sign, ECPublicKey seal) {
        this.sign = sign;
        this.seal = seal;
    }

    /** By which the server knows this terminal: the same for the same signing key. */
    public String terminalId() {
        return "t" + Sha256.of(Jwk.thumbprint(sign).getBytes(ASCII)).substring(0, ID_DIGITS);
    }

    /** What the console shows of the signing key. */
    public String fingerprint() {
        return Jwk.thumbprint(sign).substring(0, FINGERPRINT);
    }

    /** JOSE's name of the signature. */
    public String alg() {
        return sign instanceof ECPublicKey ? "ES256" : "RS256";
    }
}
