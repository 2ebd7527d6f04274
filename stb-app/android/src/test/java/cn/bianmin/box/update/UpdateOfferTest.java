package cn.bianmin.box.update;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import cn.bianmin.box.bridge.Failure;
import cn.bianmin.box.fleet.TerminalApi;
import cn.bianmin.box.net.HttpAnswer;
import cn.bianmin.box.testing.ReleaseSigners;
import cn.bianmin.box.time.TrustedTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Collections;
import org.json.JSONException;
import org.json.JSONObject;
import org.junit.Test;

/** What the box tells the server, and what it may be offered. */
public class UpdateOfferTest extends UpdaterRig {
    @Test
    public void saysWhoItIsWhatRunsAndWhatItIsAboutToInstall() throws Exception {
        vault.made = true;
        assertEquals("available 0.7.0", step());
        assertEquals(Collections.singletonList("/updates/aTicket-That_opensIt/b.apk"), paths);
        assertEquals("installing 0.7.0", step());
        String asks = "{\"kind\":\"box\",\"version\":\"0.6.0\",\"root\":1,\"refused\":[]";
        String installs = asks + ",\"step\":{\"version\":\"0.7.0\",\"is\":\"installing\"}}";
        assertEquals(Arrays.asList(asks + "}", asks + "}", installs), said);
        assertEquals(1, installed.size());
    }

    @Test
    public void oneThatWasHaltedMeanwhileIsNotInstalledThoughItIsHere() throws Exception {
        vault.made = true;
        step();
        Offers before = offers;
        offers = about -> about == null ? before.ask(null) : null;
        updater = newUpdater();
        assertEquals("none", step().split(" ")[0]);
        assertEquals(0, installed.size());
        assertEquals("installing 0.7.0", outcomeWith(before));
    }

    private String outcomeWith(Offers others) throws Exception {
        offers = others;
        updater = newUpdater();
        return step();
    }

    @Test
    public void saysThatWhatItGotWasNotWhatWasPromised() throws Exception {
        vault.made = true;
        served = new byte[APK.length];
        step();
        assertEquals("none", step().split(" ")[0]);
        String last = said.get(said.size() - 1);
        assertTrue(last, last.endsWith("{\"version\":\"0.7.0\",\"is\":\"failed\",\"code\":\"update.not-whole\"}}"));
    }

    @Test
    public void aReleaseOfTheFutureWaitsForTheClocksAndIsNotToldAsBad() throws Exception {
        vault.made = true;
        signedAt = Instant.now().plus(30, ChronoUnit.DAYS);
        assertEquals("none", step().split(" ")[0]);
        assertEquals(1, said.size());
        // One that ran out is.
        signedAt = Instant.now().minus(100, ChronoUnit.DAYS);
        assertEquals("none", step().split(" ")[0]);
        String last = said.get(said.size() - 1);
        assertTrue(last, last.endsWith("\"code\":\"update.expired\"}}"));
    }

    @Test
    public void oneThatIsNotAcceptedGetsWhatEverybodyMayHave() throws Exception {
        vault.made = true;
        offers =
                new ServerOffers(
                        new TerminalApi(
                                "https://box.example",
                                request -> new HttpAnswer(403, Collections.emptyMap(), new byte[0]),
                                vault,
                                new TrustedTime(new byte[0], this::answer, () -> 0),
                                () -> 0),
                        this::answer,
                        trust,
                        "0.6.0");
        updater = newUpdater();
        assertEquals("available 0.7.0", step());
        assertEquals(Collections.singletonList("/v1/box/release/b.apk"), paths);
    }

    @Test
    public void nothingIsMeantForItWhereTheServerSaysSo() throws Exception {
        vault.made = true;
        status = 204;
        assertEquals("none", step().split(" ")[0]);
        status = 503;
        assertEquals("http.unavailable", assertThrows(Failure.class, updater::step).code);
        assertEquals(0, asked.size());
    }

    @Test
    public void theSameOrAnOlderVersionIsNoUpdate() throws Exception {
        for (int version : new int[] {6, 5}) {
            versionCode = version;
            assertEquals("none", step().split(" ")[0]);
        }
        status = 204;
        assertEquals("none", step().split(" ")[0]);
        assertEquals(0, asked.size());
    }

    @Test
    public void aManifestThatIsNoneIsRefused() throws Exception {
        JSONObject box = new JSONObject().put("versionCode", 7).put("signerSha256", sha256);
        JSONObject file = new JSONObject().put("name", "b.apk").put("bytes", 1).put("sha256", sha256);
        JSONObject good = ReleaseSigners.manifest(box, file);
        assertEquals("/v1/box/release/b.apk", new Release(good, "/v1/box/release/").path);
        for (String folder : new String[] {"../x/", "/etc/", "", "/v1/x"}) {
            assertThrows(JSONException.class, () -> new Release(good, folder));
        }
        for (String name : new String[] {"../b.apk", "b.exe", ""}) {
            JSONObject named = new JSONObject(file.toString()).put("name", name);
            JSONObject other = ReleaseSigners.manifest(box, named);
            assertThrows(JSONException.class, () -> new Release(other, "/v1/box/release/"));
        }
        sha256 = "ABC";
        assertEquals("shell.io", assertThrows(Failure.class, updater::step).code);
        status = 500;
        assertEquals("http.unavailable", assertThrows(Failure.class, updater::step).code);
    }
}
