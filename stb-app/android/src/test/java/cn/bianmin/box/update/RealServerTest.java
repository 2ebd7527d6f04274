package cn.bianmin.box.update;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.robolectric.Shadows.shadowOf;

import android.content.Context;
import android.content.pm.PackageInfo;
import android.content.pm.Signature;
import cn.bianmin.box.fleet.TerminalApi;
import cn.bianmin.box.net.Anchors;
import cn.bianmin.box.net.DateOf;
import cn.bianmin.box.net.HttpAnswer;
import cn.bianmin.box.net.HttpRequest;
import cn.bianmin.box.net.HttpServer;
import cn.bianmin.box.net.TimedServer;
import cn.bianmin.box.net.Tls;
import cn.bianmin.box.store.DurableFile;
import cn.bianmin.box.testing.TestVault;
import cn.bianmin.box.time.TrustedTime;
import java.io.File;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import org.json.JSONObject;
import org.junit.Assume;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;

/**
 * The update against the server's own routes: signed time, release, package and parts of it. `npm run box:test` starts
 * the server (build/ship/apk/box-server.ts); Maven alone has none, and skips these.
 */
@RunWith(RobolectricTestRunner.class)
public class RealServerTest {
    private static final Signature OURS = new Signature("30820102");

    private final Context context = RuntimeEnvironment.getApplication();
    private final List<File> installed = new ArrayList<>();
    private final List<Long> begunAt = new ArrayList<>();
    private HttpServer far;
    private TrustedTime time;
    private TestVault vault;
    private final List<String> paths = new ArrayList<>();
    private Updater updater;
    private Release release;

    @Before
    public void connect() throws Exception {
        String url = System.getProperty("box.server");
        Assume.assumeTrue("no server was started", url != null);
        far = new HttpServer(url, true, Tls.socketFactory(new Anchors(new byte[0]), DateOf.OWN_BEGINNING));
        byte[] key = Base64.getDecoder().decode(System.getProperty("box.timeKey"));
        time = new TrustedTime(key, far, () -> System.nanoTime() / 1_000_000);
        vault = new TestVault("EC");
        vault.made = false;
        ReleaseSource source = new HttpReleaseSource(time, far);
        String root = new String(Base64.getDecoder().decode(System.getProperty("box.root")));
        DurableFile file = new DurableFile(new File(context.getFilesDir(), "release-trust.json"));
        ReleaseTrust trust = new ReleaseTrust(root, file, time);
        updater =
                new Updater(
                        context,
                        installed::add,
                        new ServerOffers(
                                new TerminalApi(url, new TimedServer(time, far), vault, time, () -> 0),
                                new TimedServer(time, far),
                                trust,
                                "0.6.0"),
                        (path, from) -> {
                            ReleaseSource.Part part = source.open(path, from);
                            begunAt.add(part.from);
                            paths.add(path);
                            return part;
                        },
                        Runnable::run);
        String newest = far.send(new HttpRequest("GET", "/v1/box/release")).text();
        release = new Release(trust.open(new JSONObject(newest).getString("manifest")), "/v1/box/release/");
        PackageInfo own = shadowOf(context.getPackageManager()).getInternalMutablePackageInfo(context.getPackageName());
        own.signatures = new Signature[] {OURS};
        own.versionCode = release.versionCode - 1;
        PackageInfo info = new PackageInfo();
        info.packageName = context.getPackageName();
        info.versionCode = release.versionCode;
        info.signatures = new Signature[] {OURS};
        for (String ending : new String[] {".part", ".apk"}) {
            shadowOf(context.getPackageManager()).setPackageArchiveInfo(file(ending).getPath(), info);
        }
    }

    private File file(String ending) {
        return new File(context.getFilesDir(), "update/" + release.versionCode + "-" + release.sha256 + ending);
    }

    private byte[] served() throws Exception {
        return far.send(new HttpRequest("GET", release.path)).body;
    }

    private void hasAlready(byte[] begun) throws Exception {
        file(".part").getParentFile().mkdirs();
        Files.write(file(".part").toPath(), begun);
    }

    private String step() throws Exception {
        return updater.step().state.word;
    }

    @Test
    public void downloadsWhatIsServedAndInstallsIt() throws Exception {
        assertEquals("available", step());
        assertTrue(time.isTrusted());
        assertEquals("installing", step());
        assertArrayEquals(served(), Files.readAllBytes(installed.get(0).toPath()));
        assertEquals(Collections.singletonList(0L), begunAt);
    }

    @Test
    public void byNameItIsOfferedWhatIsMeantForItBySteps() throws Exception {
        vault.made = true;
        assertEquals(200, far.send(vault.enrolment()).status);
        assertEquals("available", step());
        assertEquals("installing", step());
        assertArrayEquals(served(), Files.readAllBytes(installed.get(0).toPath()));
        assertTrue(paths.get(0), paths.get(0).startsWith("/updates/"));
    }

    @Test
    public void goesOnInTheMiddle() throws Exception {
        hasAlready(Arrays.copyOf(served(), 123_456));
        assertEquals("available", step());
        assertEquals(Collections.singletonList(123_456L), begunAt);
        assertEquals("installing", step());
        assertEquals(release.bytes, installed.get(0).length());
    }

    @Test
    public void beginsAnewAfterAPartOfSomethingElse() throws Exception {
        hasAlready(new byte[123_456]);
        assertEquals("available", step());
        assertEquals("none", step());
        assertEquals(0, installed.size());
        assertEquals(0, file(".part").length());
    }

    @Test
    public void aPartBehindTheEndIsARefusalThatIsUnderstood() throws Exception {
        HttpRequest behind = new HttpRequest("GET", release.path);
        behind.headers.put("Range", "bytes=" + release.bytes + "-");
        HttpAnswer answer = far.send(behind);
        assertEquals(416, answer.status);
        assertTrue(answer.text().contains("request.range"));
    }
}
