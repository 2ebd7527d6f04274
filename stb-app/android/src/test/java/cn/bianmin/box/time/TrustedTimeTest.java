package cn.bianmin.box.time;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import cn.bianmin.box.bridge.Failure;
import cn.bianmin.box.keys.Base64Url;
import cn.bianmin.box.keys.EcSignature;
import cn.bianmin.box.net.HttpAnswer;
import cn.bianmin.box.net.HttpRequest;
import cn.bianmin.box.net.Server;
import cn.bianmin.box.net.TimedServer;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;

@RunWith(RobolectricTestRunner.class)
public class TrustedTimeTest {
    private static final long NOW = 1_795_713_600_000L;
    private static final long HOUR = 3_600_000;

    private KeyPair pair;
    private long elapsedMs = 5_000;
    private long roundTripMs = 400;
    private boolean away;
    private String signedNonce;
    private String status = "200";
    private KeyPair signer;
    private final List<String> asked = new ArrayList<>();

    @Before
    public void makeKeys() throws Exception {
        pair = newPair();
        signer = pair;
    }

    private static KeyPair newPair() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        return generator.generateKeyPair();
    }

    /** The server: the time half way through the round trip is NOW plus what the monotonic clock says. */
    private HttpAnswer answer(HttpRequest request) throws Failure {
        asked.add(request.path);
        if (away) throw new Failure("http.unavailable");
        String nonce = request.path.replaceFirst("^/v1/time\\?nonce=", "");
        long time = NOW + elapsedMs + roundTripMs / 2;
        elapsedMs += roundTripMs;
        String said = signedNonce == null ? nonce : signedNonce;
        String json = "{\"time\":" + time + ",\"nonce\":\"" + said + "\",\"signature\":\"" + sign(said, time) + "\"}";
        return new HttpAnswer(Integer.parseInt(status), Collections.emptyMap(), json.getBytes());
    }

    private String sign(String nonce, long time) {
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(signer.getPrivate());
            signature.update(("bianmin-time\n" + nonce + "\n" + time).getBytes());
            return Base64Url.encode(EcSignature.toJose(signature.sign()));
        } catch (java.security.GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private TrustedTime time() {
        return new TrustedTime(pair.getPublic().getEncoded(), this::answer, () -> elapsedMs);
    }

    private static String failure(TrustedTime time) {
        String code = assertThrows(Failure.class, time::require).code;
        assertFalse(time.isTrusted());
        return code;
    }

    @Test
    public void aSignedAnswerIsCarriedOnByTheMonotonicClock() throws Exception {
        TrustedTime time = time();
        assertFalse(time.isTrusted());
        time.require();
        assertTrue(time.isTrusted());
        assertEquals(NOW + elapsedMs, time.epochMs());
        elapsedMs += HOUR;
        assertEquals(NOW + elapsedMs, time.epochMs());
        assertEquals(NOW + elapsedMs, time.of(null).getTime());
        assertTrue(asked.get(0), asked.get(0).matches("/v1/time\\?nonce=[\\w-]{22,64}"));
    }

    @Test
    public void isAskedForAgainWhenItIsOldAndKeptWhereThatFails() throws Exception {
        TrustedTime time = time();
        time.require();
        elapsedMs += 11 * HOUR;
        time.require();
        assertEquals(1, asked.size());
        elapsedMs += 2 * HOUR;
        away = true;
        time.require();
        assertEquals(2, asked.size());
        assertEquals(NOW + elapsedMs, time.epochMs());
    }

    @Test
    public void whatIsNotSignedByThePinnedKeyIsNotBelieved() throws Exception {
        signer = newPair();
        assertEquals("http.untrusted", failure(time()));
    }

    @Test
    public void anAnswerToAnotherQuestionIsNotBelieved() {
        signedNonce = "AAAAAAAAAAAAAAAAAAAAAAAA";
        assertEquals("http.untrusted", failure(time()));
    }

    @Test
    public void anAnswerThatTookTooLongSaysTooLittle() {
        roundTripMs = 10_001;
        assertEquals("http.unavailable", failure(time()));
    }

    @Test
    public void noAnswerAndARefusalAreUnavailable() {
        status = "404";
        assertEquals("http.unavailable", failure(time()));
        away = true;
        assertEquals("http.unavailable", failure(time()));
    }

    @Test
    public void whatIsNoAnswerIsNotBelieved() {
        for (String json : new String[] {"", "{}", "[]", "{\"time\":\"1\",\"nonce\":\"n\",\"signature\":\"\"}"}) {
            assertThrows(
                    java.security.GeneralSecurityException.class,
                    () -> TimeAnswer.verify(json, "n", pair.getPublic()));
        }
    }

    @Test
    public void nothingIsSentBeforeTheTimeIsKnown() {
        List<String> sent = new ArrayList<>();
        Server server =
                request -> {
                    sent.add(request.path);
                    return new HttpAnswer(200, Collections.emptyMap(), new byte[0]);
                };
        away = true;
        TimedServer timed = new TimedServer(time(), server);
        assertThrows(Failure.class, () -> timed.send(new HttpRequest("GET", "/v1/x")));
        assertEquals(Collections.emptyList(), sent);
    }

    @Test
    public void aDebugBuildWithoutAKeyTakesTheSystemsClock() throws Exception {
        TrustedTime time = new TrustedTime(new byte[0], this::answer, () -> elapsedMs);
        time.require();
        assertFalse(time.isTrusted());
        assertEquals(0, asked.size());
    }
}
