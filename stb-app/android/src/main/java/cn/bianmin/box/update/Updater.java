package cn.bianmin.box.update;

import android.content.Context;
import cn.bianmin.box.Version;
import cn.bianmin.box.bridge.Failure;
import cn.bianmin.box.shell.ShellCodes;
import java.io.File;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executor;

/** Brings the newest release to the system's installer, a step at each call. The page calls it between purchases. */
public final class Updater {
    /** What came of a call, as the contract names it. */
    public enum State {
        NONE("none"),
        AVAILABLE("available"),
        INSTALLING("installing");

        public final String word;

        State(String word) {
            this.word = word;
        }
    }

    /** A state and the version that it is about. */
    public static final class Outcome {
        public final State state;
        public final String version;

        Outcome(State state, String version) {
            this.state = state;
            this.version = version;
        }
    }

    /** What was served is not what was promised. */
    private static final String NOT_WHOLE = "update.not-whole";

    private final File folder;
    private final PackageCheck check;
    private final Installer installer;
    private final Offers offers;
    private final ReleaseSource source;
    private final Executor background;
    private final String ownVersion;
    /** Releases that were not what was promised: not downloaded again while the app lives. */
    private final Set<String> refused = new HashSet<>();
    private boolean downloading;

    public Updater(Context context, ServerOffers offers, ReleaseSource source, Executor background) {
        this(context, new SystemInstaller(context), offers, source, background);
    }

    Updater(Context context, Installer installer, Offers offers, ReleaseSource source, Executor background) {
        this.folder = new File(context.getFilesDir(), "update");
        this.check = new PackageCheck(context);
        this.installer = installer;
        this.offers = offers;
        this.source = source;
        this.background = background;
        this.ownVersion = Version.of(context);
    }

    /** Blocks for the server's word; fails as an `http` call does, or with `shell.io`. */
    public Outcome step() throws Failure {
        Release release = offers.ask(null);
        if (release == null || release.versionCode <= check.ownVersionCode()) return none();
        File apk = file(release, ".apk");
        try {
            boolean bad;
            synchronized (this) {
                bad = refused.contains(release.sha256);
                if (!bad && !apk.isFile()) {
                    begin(release);
                    return new Outcome(State.AVAILABLE, release.versionName);
                }
            }
            if (bad) {
                // The server that rolls it out is to know; told again, it changes nothing.
                offers.ask(Offers.Said.failed(release.versionName, NOT_WHOLE));
                return none();
            }
            // Looked at again: it has lain about since.
            if (!check.isWhole(apk, release)) {
                apk.delete();
                return none();
            }
            // Asked once more: one that was halted meanwhile is not installed though it is here.
            Release still = offers.ask(Offers.Said.installing(release));
            if (still == null || !still.sha256.equals(release.sha256)) return none();
            installer.install(apk);
            return new Outcome(State.INSTALLING, release.versionName);
        } catch (IOException e) {
            throw new Failure(ShellCodes.IO, e);
        }
    }

    /** Removes what led to the version that runs, and anything older. */
    public void clearInstalled() {
        File[] files = folder.listFiles();
        if (files == null) return;
        for (File file : files) {
            if (versionOf(file.getName()) <= check.ownVersionCode()) file.delete();
        }
    }

    private void begin(final Release release) {
        if (downloading) return;
        downloading = true;
        background.execute(
                new Runnable() {
                    @Override
                    public void run() {
                        try {
                            download(release);
                        } catch (IOException | RuntimeException e) {
                            // What there is stays; the next call goes on.
                        } finally {
                            synchronized (Updater.this) {
                                downloading = false;
                            }
                        }
                    }
                });
    }

    private void download(Release release) throws IOException {
        if (!folder.isDirectory() && !folder.mkdirs()) throw new IOException("mkdirs");
        File part = file(release, ".part");
        Download.fetch(source, release, part);
        if (check.isWhole(part, release)) {
            if (!part.renameTo(file(release, ".apk"))) throw new IOException("rename");
            return;
        }
        synchronized (this) {
            refused.add(release.sha256);
        }
        part.delete();
    }

    private Outcome none() {
        return new Outcome(State.NONE, ownVersion);
    }

    private File file(Release release, String ending) {
        return new File(folder, release.versionCode + "-" + release.sha256 + ending);
    }

    private static int versionOf(String name) {
        int end = name.indexOf('-');
        try {
            return Integer.parseInt(name.substring(0, Math.max(0, end)));
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
