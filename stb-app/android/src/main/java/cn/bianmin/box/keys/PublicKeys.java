package cn.bianmin.box.keys;

import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;

/** What may be told of the keys. */
public final class PublicKeys {
    public final PublicKey sign;
    public final ECPublicKey seal;

    PublicKeys(PublicKey sign, ECPublicKey seal) {
        this.sign = sign;
        this.seal = seal;
    }

    /** JOSE's name of the signature. */
    public String alg() {
        return sign instanceof ECPublicKey ? "ES256" : "RS256";
    }
}
