package cn.bianmin.box.update;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.robolectric.Shadows.shadowOf;

import android.content.Context;
import android.content.pm.PackageInfo;
import android.content.pm.Signature;
import cn.bianmin.box.bridge.Failure;
import cn.bianmin.box.keys.Sha256;
import cn.bianmin.box.net.HttpAnswer;
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
    private Updater updater;

    @Before
    public void set() {
        shadowOf(context.getPackageManager()).getInternalMutablePackageInfo(context.getPackageName()).signatures =
                new Signature[] {OURS};
        shadowOf(context.getPackageManager()).getInternalMutablePackageInfo(context.getPackageName()).versionCode = 6;
        updater = newUpdater();
        promise(context.getPackageName(), 7, OURS);
    }

    private Updater newUpdater() {
        return new Updater(context, installed::add, request -> manifest(), this::open, executor);
    }

    private HttpAnswer manifest() {
        String json =
                "{\"versionCode\":" + versionCode + ",\"versionName\":\"0.7.0\",\"path\":\"/v1/box/release/b.apk\","
                        + "\"sha256\":\"" + sha256 + "\",\"signerSha256\":\"" + signer + "\",\"bytes\":" + APK.length + "}";
        return new HttpAnswer(status, Collections.emptyMap(), json.getBytes());
    }

    private ReleaseSource.Part open(String path, long from) {
        asked.add(from);
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
