package cn.bianmin.box.time;

import cn.bianmin.box.bridge.Failure;
import cn.bianmin.box.keys.Base64Url;
import cn.bianmin.box.net.DateOf;
import cn.bianmin.box.net.HttpAnswer;
import cn.bianmin.box.net.HttpCodes;
import cn.bianmin.box.net.HttpRequest;
import cn.bianmin.box.net.Server;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.X509EncodedKeySpec;
import java.util.Date;

/** The time as the server signed it, carried on by the box's monotonic clock. Boxes wake in 1970. */
public final class TrustedTime implements DateOf {
    private static final long AGAIN_MS = 12 * 3_600_000L;
    /** The answer's time lies somewhere between question and answer: longer says too little. */
    private static final long MOST_ROUND_TRIP_MS = 10_000;
    private static final int NONCE_BYTES = 24;

    private final byte[] key;
    private final Server server;
    private final MonotonicClock clock;
    private final SecureRandom random = new SecureRandom();
    private boolean trusted;
    /** Signed time less the monotonic clock. */
    private long offsetMs;
    private long learnedAt;

    /**
     * `key`: SubjectPublicKeyInfo; empty: the system's clock is taken. `server`: judges all of a certificate but its
     * dates.
     */
    public TrustedTime(byte[] key, Server server, MonotonicClock clock) {
        this.key = key.clone();
        this.server = server;
        this.clock = clock;
    }

    public synchronized boolean isTrusted() {
        return trusted;
    }

    /** Milliseconds since 1970: the system's until the server's is known. */
    public synchronized long epochMs() {
        return trusted ? clock.elapsedMs() + offsetMs : System.currentTimeMillis();
    }

    @Override
    public Date of(X509Certificate certificate) {
        return new Date(epochMs());
    }

    /** Asks the server where the time is not known or old. Blocks; fails as an `http` call does. */
    public synchronized void require() throws Failure {
        if (key.length == 0) return;
        if (trusted && clock.elapsedMs() - learnedAt < AGAIN_MS) return;
        try {
            learn();
        } catch (Failure failure) {
            // A monotonic clock is a minute wrong after years: the old time is better than none.
            if (!trusted) throw failure;
        }
    }

    private void learn() throws Failure {
        byte[] bytes = new byte[NONCE_BYTES];
        random.nextBytes(bytes);
        String nonce = Base64Url.encode(bytes);
        long from = clock.elapsedMs();
        HttpRequest request = new HttpRequest("GET", "/v1/time?nonce=" + nonce);
        request.timeoutMs = (int) MOST_ROUND_TRIP_MS;
        HttpAnswer answer = server.send(request);
        long now = clock.elapsedMs();
        if (answer.status != 200 || now - from > MOST_ROUND_TRIP_MS) throw new Failure(HttpCodes.UNAVAILABLE);
        try {
            offsetMs = TimeAnswer.verify(answer.text(), nonce, publicKey()) + (now - from) / 2 - now;
        } catch (GeneralSecurityException e) {
            throw new Failure(HttpCodes.UNTRUSTED, e);
        }
        learnedAt = now;
        trusted = true;
    }

    private PublicKey publicKey() throws GeneralSecurityException {
        return KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(key));
    }
}
