package cn.bianmin.box.update;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.robolectric.Shadows.shadowOf;

import android.content.Context;
import android.content.pm.PackageInfo;
import android.content.pm.Signature;
import cn.bianmin.box.bridge.Failure;
import cn.bianmin.box.fleet.TerminalApi;
import cn.bianmin.box.keys.Sha256;
import cn.bianmin.box.net.HttpAnswer;
import cn.bianmin.box.net.HttpRequest;
import cn.bianmin.box.testing.TestVault;
import cn.bianmin.box.time.TrustedTime;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executor;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;

@RunWith(RobolectricTestRunner.class)
public class UpdaterTest {
    private static final byte[] APK = "a package, as far as this test goes".getBytes();
    private static final Signature OURS = new Signature("30820102");
    private static final Signature ANOTHERS = new Signature("30820103");

    private final Context context = RuntimeEnvironment.getApplication();
    private final List<File> installed = new ArrayList<>();
    private final List<Long> asked = new ArrayList<>();
    private final List<Runnable> background = new ArrayList<>();
    private final Executor executor = background::add;

    private int status = 200;
    private String sha256 = Sha256.of(APK);
    private String signer = Sha256.of(OURS.toByteArray());
    private int versionCode = 7;
    private byte[] served = APK;
    private int breaksAfter = Integer.MAX_VALUE;
    private boolean ranges = true;
    private final List<String> said = new ArrayList<>();
    private final List<String> paths = new ArrayList<>();
    private TestVault vault;
    private Offers offers;
    private Updater updater;

    @Before
    public void set() throws Exception {
        vault = new TestVault("EC");
        vault.made = false;
        TrustedTime time = new TrustedTime(new byte[0], this::answer, () -> 0);
        offers =
                new ServerOffers(
                        new TerminalApi("https://box.example", this::answer, vault, time, () -> 0), this::answer, "0.6.0");
        shadowOf(context.getPackageManager()).getInternalMutablePackageInfo(context.getPackageName()).signatures =
                new Signature[] {OURS};
        shadowOf(context.getPackageManager()).getInternalMutablePackageInfo(context.getPackageName()).versionCode = 6;
        updater = newUpdater();
        promise(context.getPackageName(), 7, OURS);
    }

    private Updater newUpdater() {
        return new Updater(context, installed::add, offers, this::open, executor);
    }

    /** As the server answers: by name where this box has keys, of everybody where it has none. */
    private HttpAnswer answer(HttpRequest request) {
        if (request.path.equals("/v1/box/release")) return manifest();
        if (request.path.equals("/v1/terminal/token")) {
            return new HttpAnswer(200, Collections.emptyMap(), "{\"accessToken\":\"a.b.c\",\"expiresIn\":600}".getBytes());
        }
        said.add(new String(request.body));
        String json =
                "{\"version\":\"0.7.0\",\"path\":\"/updates/aTicket-That_opensIt/\",\"manifest\":\"a.b.c\",\"box\":"
                        + new String(manifest().body).replace("\"path\":\"/v1/box/release/b.apk\"", "\"file\":\"b.apk\"") + "}";
        return new HttpAnswer(status, Collections.emptyMap(), status == 200 ? json.getBytes() : new byte[0]);
    }

    private HttpAnswer manifest() {
        String json =
                "{\"versionCode\":" + versionCode + ",\"versionName\":\"0.7.0\",\"path\":\"/v1/box/release/b.apk\","
                        + "\"sha256\":\"" + sha256 + "\",\"signerSha256\":\"" + signer + "\",\"bytes\":" + APK.length + "}";
        return new HttpAnswer(status, Collections.emptyMap(), json.getBytes());
    }

    private ReleaseSource.Part open(String path, long from) {
        asked.add(from);
        paths.add(path);
        long begin = ranges ? from : 0;
        int end = (int) Math.min(served.length, begin + breaksAfter);
        InputStream in = new ByteArrayInputStream(Arrays.copyOfRange(served, (int) begin, end));
        return new ReleaseSource.Part(begin, in) {
            @Override
            public void close() {}
        };
    }

    /** What the system reads from the downloaded file. */
    private void promise(String packageName, int version, Signature... signatures) {
        PackageInfo info = new PackageInfo();
        info.packageName = packageName;
        info.versionCode = version;
        info.signatures = signatures;
        for (String ending : new String[] {".part", ".apk"}) {
            shadowOf(context.getPackageManager()).setPackageArchiveInfo(file(ending).getPath(), info);
        }
    }

    private File file(String ending) {
        return new File(context.getFilesDir(), "update/" + versionCode + "-" + sha256 + ending);
    }

    private String step() throws Exception {
        Updater.Outcome outcome = updater.step();
        List<Runnable> now = new ArrayList<>(background);
        background.clear();
        for (Runnable each : now) each.run();
        return outcome.state.word + " " + outcome.version;
    }

    @Test
    public void downloadsThenInstalls() throws Exception {
        assertEquals("available 0.7.0", step());
        assertEquals(0, installed.size());
        assertEquals("installing 0.7.0", step());
        assertEquals(1, installed.size());
        assertArrayEquals(APK, Files.readAllBytes(installed.get(0).toPath()));
    }

    @Test
    public void saysWhoItIsWhatRunsAndWhatItIsAboutToInstall() throws Exception {
        vault.made = true;
        assertEquals("available 0.7.0", step());
        assertEquals(Collections.singletonList("/updates/aTicket-That_opensIt/b.apk"), paths);
        assertEquals("installing 0.7.0", step());
        String asks = "{\"kind\":\"box\",\"version\":\"0.6.0\",\"refused\":[]";
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
    public void goesOnWhereTheConnectionEnded() throws Exception {
        breaksAfter = 10;
        assertEquals("available 0.7.0", step());
        assertEquals("available 0.7.0", step());
        // Another process after a power cut.
        updater = newUpdater();
        breaksAfter = Integer.MAX_VALUE;
        assertEquals("available 0.7.0", step());
        assertEquals(Arrays.asList(0L, 10L, 20L), asked);
        assertEquals("installing 0.7.0", step());
    }

    @Test
    public void beginsAnewWhereTheServerGivesNoParts() throws Exception {
        breaksAfter = 10;
        step();
        ranges = false;
        breaksAfter = Integer.MAX_VALUE;
        assertEquals("available 0.7.0", step());
        assertEquals("installing 0.7.0", step());
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

    private void isNeverInstalled() throws Exception {
        assertEquals("available 0.7.0", step());
        assertEquals("none", step().split(" ")[0]);
        assertEquals("none", step().split(" ")[0]);
        assertEquals(0, installed.size());
        // Nor downloaded over and over.
        assertEquals(1, asked.size());
        assertEquals(0, file(".part").length());
    }

    @Test
    public void otherBytesThanPromisedAreNotInstalled() throws Exception {
        served = APK.clone();
        served[3] ^= 1;
        isNeverInstalled();
    }

    @Test
    public void anothersSignatureIsNotInstalled() throws Exception {
        promise(context.getPackageName(), 7, ANOTHERS);
        signer = Sha256.of(ANOTHERS.toByteArray());
        isNeverInstalled();
    }

    @Test
    public void aSignerThatWasNotPromisedIsNotInstalled() throws Exception {
        signer = Sha256.of(ANOTHERS.toByteArray());
        isNeverInstalled();
    }

    @Test
    public void twoSignersAnotherPackageAndAnotherVersionAreNotInstalled() throws Exception {
        promise(context.getPackageName(), 7, OURS, ANOTHERS);
        isNeverInstalled();
        updater = newUpdater();
        asked.clear();
        promise("com.example.other", 7, OURS);
        isNeverInstalled();
        updater = newUpdater();
        asked.clear();
        promise(context.getPackageName(), 8, OURS);
        isNeverInstalled();
    }

    @Test
    public void whatWasChangedAfterTheDownloadIsNotInstalled() throws Exception {
        step();
        Files.write(file(".apk").toPath(), "something of the same length, or not".getBytes());
        assertEquals("none", step().split(" ")[0]);
        assertEquals(0, installed.size());
    }

    @Test
    public void aManifestThatIsNoneIsRefused() {
        String[] wrong = {"../x", "/etc/passwd", ""};
        sha256 = "ABC";
        assertEquals("shell.io", assertThrows(Failure.class, updater::step).code);
        for (String json : wrong) assertThrows(org.json.JSONException.class, () -> Release.parse(json));
        status = 500;
        assertEquals("http.unavailable", assertThrows(Failure.class, updater::step).code);
    }

    @Test
    public void whatLedToTheRunningVersionIsClearedAway() throws IOException {
        File folder = new File(context.getFilesDir(), "update");
        folder.mkdirs();
        for (String name : new String[] {"6-aa.apk", "5-bb.part", "odd", "7-cc.part"}) {
            Files.write(new File(folder, name).toPath(), APK);
        }
        updater.clearInstalled();
        assertArrayEquals(new String[] {"7-cc.part"}, folder.list());
    }
}
