package cn.bianmin.box.update;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;

import cn.bianmin.box.keys.CoSigned;
import cn.bianmin.box.store.DurableFile;
import cn.bianmin.box.testing.ReleaseSigners;
import cn.bianmin.box.time.TrustedTime;
import java.io.File;
import java.nio.file.Files;
import java.security.KeyPair;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;

/** Who releases to a box: what one person, a stranger or a server can make of it. */
@RunWith(RobolectricTestRunner.class)
public class ReleaseTrustTest {
    private static final String ROOT = ReleaseSigners.ROOT;
    private static final String RELEASE = ReleaseSigners.RELEASE;

    private File file;
    private ReleaseSigners signers;
    private KeyPair a;
    private KeyPair b;
    private KeyPair c;
    private String first;
    private ReleaseTrust trust;

    @Before
    public void set() throws Exception {
        file = new File(Files.createTempDirectory("trust").toFile(), "release-trust.json");
        signers = ReleaseSigners.three();
        a = signers.pairs.get(0);
        b = signers.pairs.get(1);
        c = signers.pairs.get(2);
        first = ReleaseSigners.sign(signers.root(1), ROOT, a, b);
        trust = born(first);
    }

    private ReleaseTrust born(String root) {
        TrustedTime system = new TrustedTime(new byte[0], request -> null, () -> 0);
        return new ReleaseTrust(root, new DurableFile(file), system);
    }

    private static JSONObject manifest() throws Exception {
        return ReleaseSigners.manifest(new JSONObject(), new JSONObject());
    }

    private String refusal(String document) {
        return assertThrows(Distrusted.class, () -> trust.open(document)).code;
    }

    @Test
    public void twoOfThreeReleaseWhicheverTwo() throws Exception {
        for (KeyPair[] by : new KeyPair[][] {{a, b}, {b, c}, {c, a}, {a, b, c}}) {
            assertEquals("0.7.0", trust.open(ReleaseSigners.sign(manifest(), RELEASE, by)).getString("version"));
        }
    }

    @Test
    public void oneOfThemDoesNotNorOneTwiceNorOneAndAStranger() throws Exception {
        KeyPair stranger = ReleaseSigners.pair();
        for (KeyPair[] by : new KeyPair[][] {{}, {a}, {a, a}, {a, stranger}}) {
            assertEquals("update.unsigned", refusal(ReleaseSigners.sign(manifest(), RELEASE, by)));
        }
        JSONObject alone = new JSONObject(ReleaseSigners.sign(manifest(), RELEASE, a));
        String kid = CoSigned.keyId(b.getPublic());
        JSONObject forged = ReleaseSigners.signature(alone.getString("payload"), RELEASE, stranger, kid);
        alone.getJSONArray("signatures").put(forged);
        assertEquals("update.unsigned", refusal(alone.toString()));
    }

    @Test
    public void signaturesOfDifferentDocumentsAreNotAddedUp() throws Exception {
        JSONObject one = new JSONObject(ReleaseSigners.sign(manifest(), RELEASE, a));
        JSONObject other = new JSONObject(ReleaseSigners.sign(manifest().put("notes", "other"), RELEASE, b));
        one.getJSONArray("signatures").put(other.getJSONArray("signatures").getJSONObject(0));
        assertEquals("update.unsigned", refusal(one.toString()));
        assertEquals("update.unsigned", refusal(ReleaseSigners.sign(manifest(), ROOT, a, b)));
        assertEquals("update.unsigned", refusal(ReleaseSigners.sign(manifest().put("kind", "kiosk-win"), RELEASE, a, b)));
        for (String none : new String[] {"", "{}", "a.b.c", "{\"payload\":\"e30\",\"signatures\":[]}", "[[[["}) {
            assertEquals("update.unsigned", refusal(none));
        }
    }

    @Test
    public void whatWasWithheldUntilItRanOutIsNotTaken() throws Exception {
        Instant then = Instant.now().minus(100, ChronoUnit.DAYS);
        JSONObject old = ReleaseSigners.timed(manifest(), then, 90);
        assertEquals("update.expired", refusal(ReleaseSigners.sign(old, RELEASE, a, b)));
    }

    @Test
    public void whatWasSignedInTheFutureIsTheClocksFaultAndEndsNoOther() throws Exception {
        JSONObject future = ReleaseSigners.timed(manifest(), Instant.now().plus(30, ChronoUnit.DAYS), 90);
        assertEquals("trust.clock", refusal(ReleaseSigners.sign(future, RELEASE, a, b)));
        trust.open(ReleaseSigners.sign(manifest(), RELEASE, a, b));
    }

    @Test
    public void whatIsGoodForLongerThanADocumentMayBeIsNotTaken() throws Exception {
        // Yesterday is a day of them.
        trust.open(ReleaseSigners.sign(ReleaseSigners.timed(manifest(), Instant.now(), 399), RELEASE, a, b));
        for (long days : new long[] {400, 30 * 365, -1, -2}) {
            JSONObject manifest = ReleaseSigners.timed(manifest(), Instant.now(), days);
            assertEquals("update.unsigned", refusal(ReleaseSigners.sign(manifest, RELEASE, a, b)));
        }
    }

    @Test
    public void aRootIsGoodForFiveYearsAtMost() throws Exception {
        JSONObject longest = ReleaseSigners.timed(signers.root(2), Instant.now(), 1849);
        JSONObject tooLong = ReleaseSigners.timed(signers.root(2), Instant.now(), 1850);
        trust.follow(new JSONArray().put(ReleaseSigners.sign(tooLong, ROOT, a, b)));
        assertEquals(1, trust.version());
        trust.follow(new JSONArray().put(ReleaseSigners.sign(longest, ROOT, a, b)));
        assertEquals(2, trust.version());
        tooLong.put("version", 1);
        assertFalse(born(ReleaseSigners.sign(tooLong, ROOT, a, b)).isTold());
    }

    @Test
    public void aClockThatWasSetBackDoesNotBringItBack() throws Exception {
        trust.open(ReleaseSigners.sign(manifest(), RELEASE, a, b));
        JSONObject kept = new JSONObject(new String(Files.readAllBytes(file.toPath())));
        // As if the newest had been signed in 200 days, when this one has run out.
        long later = kept.getLong("seenAt") + 200L * 86_400_000;
        Files.write(file.toPath(), kept.put("seenAt", later).toString().getBytes());
        trust = born(first);
        assertEquals("update.expired", refusal(ReleaseSigners.sign(manifest(), RELEASE, a, b)));
    }

    @Test
    public void aRootFollowsByTheSignaturesOfBothAndIsKept() throws Exception {
        KeyPair d = ReleaseSigners.pair();
        ReleaseSigners next = new ReleaseSigners(a, b, d);
        trust.follow(new JSONArray().put(first).put(ReleaseSigners.sign(next.root(2), ROOT, a, b)));
        assertEquals(2, trust.version());
        assertEquals("update.unsigned", refusal(ReleaseSigners.sign(manifest(), RELEASE, a, c)));
        trust = born(first);
        assertEquals(2, trust.version());
        trust.open(ReleaseSigners.sign(manifest(), RELEASE, b, d));
    }

    @Test
    public void noRootFollowsThatEitherHasNotSignedOrThatLeavesOneOut() throws Exception {
        KeyPair x = ReleaseSigners.pair();
        KeyPair y = ReleaseSigners.pair();
        ReleaseSigners theirs = new ReleaseSigners(a, x, y);
        JSONArray all = new JSONArray();
        // Those of before are too few; its own are; it is not the next one.
        all.put(ReleaseSigners.sign(theirs.root(2), ROOT, a, x, y));
        all.put(ReleaseSigners.sign(new ReleaseSigners(x, y, ReleaseSigners.pair()).root(2), ROOT, a, b));
        all.put(ReleaseSigners.sign(signers.root(3), ROOT, a, b, c));
        all.put(ReleaseSigners.sign(signers.root(2).put("threshold", 1), ROOT, a, b));
        all.put("{}");
        trust.follow(all);
        assertEquals(1, trust.version());
        assertFalse(file.exists());
    }

    @Test
    public void withoutARootOrWithOneThatIsNotSignedNobodyReleases() throws Exception {
        for (String none : new String[] {"", "{}", ReleaseSigners.sign(signers.root(1), ROOT, a)}) {
            trust = born(none);
            assertFalse(trust.isTold());
            assertEquals("update.unsigned", refusal(ReleaseSigners.sign(manifest(), RELEASE, a, b)));
        }
    }
}
