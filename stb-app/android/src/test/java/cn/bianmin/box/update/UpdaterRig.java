package cn.bianmin.box.update;

import static org.robolectric.Shadows.shadowOf;

import android.content.Context;
import android.content.pm.PackageInfo;
import android.content.pm.Signature;
import cn.bianmin.box.fleet.TerminalApi;
import cn.bianmin.box.keys.Sha256;
import cn.bianmin.box.net.HttpAnswer;
import cn.bianmin.box.net.HttpRequest;
import cn.bianmin.box.store.DurableFile;
import cn.bianmin.box.testing.ReleaseSigners;
import cn.bianmin.box.testing.TestVault;
import cn.bianmin.box.time.TrustedTime;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executor;
import org.json.JSONException;
import org.json.JSONObject;
import org.junit.Before;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;

/** A box that the server offers a package to, and all that can be wrong with either. */
@RunWith(RobolectricTestRunner.class)
public abstract class UpdaterRig {
    static final byte[] APK = "a package, as far as this test goes".getBytes();
    static final Signature OURS = new Signature("30820102");
    static final Signature ANOTHERS = new Signature("30820103");

    final Context context = RuntimeEnvironment.getApplication();
    final List<File> installed = new ArrayList<>();
    final List<Long> asked = new ArrayList<>();
    private final List<Runnable> background = new ArrayList<>();
    private final Executor executor = background::add;

    int status = 200;
    String sha256 = Sha256.of(APK);
    String signer = Sha256.of(OURS.toByteArray());
    int versionCode = 7;
    byte[] served = APK;
    int breaksAfter = Integer.MAX_VALUE;
    boolean ranges = true;
    final List<String> said = new ArrayList<>();
    final List<String> paths = new ArrayList<>();
    /** Who releases, and who signs this release. */
    ReleaseSigners signers;
    KeyPair[] by;
    String version = "0.7.0";
    Instant signedAt = Instant.now();
    ReleaseTrust trust;
    TestVault vault;
    Offers offers;
    Updater updater;

    @Before
    public void set() throws Exception {
        vault = new TestVault("EC");
        vault.made = false;
        TrustedTime time = new TrustedTime(new byte[0], this::answer, () -> 0);
        signers = ReleaseSigners.three();
        by = signers.two();
        String root = ReleaseSigners.sign(signers.root(1), ReleaseSigners.ROOT, by);
        trust = new ReleaseTrust(root, new DurableFile(new File(context.getFilesDir(), "release-trust.json")), time);
        offers =
                new ServerOffers(
                        new TerminalApi("https://box.example", this::answer, vault, time, () -> 0), this::answer, trust, "0.6.0");
        shadowOf(context.getPackageManager()).getInternalMutablePackageInfo(context.getPackageName()).signatures =
                new Signature[] {OURS};
        shadowOf(context.getPackageManager()).getInternalMutablePackageInfo(context.getPackageName()).versionCode = 6;
        updater = newUpdater();
        promise(context.getPackageName(), 7, OURS);
    }

    Updater newUpdater() {
        return new Updater(context, installed::add, offers, this::open, executor);
    }

    /** As the server answers: by name where this box has keys, of everybody where it has none. */
    HttpAnswer answer(HttpRequest request) {
        if (request.path.startsWith("/v1/release-root?have=")) return new HttpAnswer(204, Collections.emptyMap(), new byte[0]);
        if (request.path.equals("/v1/box/release")) return json("{\"manifest\":" + manifest() + "}");
        if (request.path.equals("/v1/terminal/token")) {
            return new HttpAnswer(200, Collections.emptyMap(), "{\"accessToken\":\"a.b.c\",\"expiresIn\":600}".getBytes());
        }
        said.add(new String(request.body));
        return json(
                "{\"version\":\"0.7.0\",\"path\":\"/updates/aTicket-That_opensIt/\",\"manifest\":" + manifest() + "}");
    }

    private HttpAnswer json(String text) {
        return new HttpAnswer(status, Collections.emptyMap(), status == 200 ? text.getBytes() : new byte[0]);
    }

    /** As a string of JSON. */
    private String manifest() {
        try {
            JSONObject box = new JSONObject().put("versionCode", versionCode).put("signerSha256", signer);
            JSONObject file = new JSONObject().put("name", "b.apk").put("bytes", APK.length).put("sha256", sha256);
            JSONObject said = ReleaseSigners.manifest(box, file).put("version", version);
            ReleaseSigners.timed(said, signedAt, 90);
            return JSONObject.quote(ReleaseSigners.sign(said, ReleaseSigners.RELEASE, by));
        } catch (JSONException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
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
    void promise(String packageName, int version, Signature... signatures) {
        PackageInfo info = new PackageInfo();
        info.packageName = packageName;
        info.versionCode = version;
        info.signatures = signatures;
        for (String ending : new String[] {".part", ".apk"}) {
            shadowOf(context.getPackageManager()).setPackageArchiveInfo(file(ending).getPath(), info);
        }
    }

    File file(String ending) {
        return new File(context.getFilesDir(), "update/" + versionCode + "-" + sha256 + ending);
    }

    String step() throws Exception {
        Updater.Outcome outcome = updater.step();
        List<Runnable> now = new ArrayList<>(background);
        background.clear();
        for (Runnable each : now) each.run();
        return outcome.state.word + " " + outcome.version;
    }
}
