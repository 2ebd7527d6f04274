package cn.bianmin.box.update;

import android.content.Context;
import android.content.pm.PackageInfo;
import android.content.pm.PackageManager;
import cn.bianmin.box.keys.Sha256;
import java.io.File;
import java.io.IOException;

/** Whether a downloaded file is the release that was promised, and ours. */
@SuppressWarnings("deprecation")
final class PackageCheck {
    private final Context context;

    PackageCheck(Context context) {
        this.context = context;
    }

    int ownVersionCode() {
        return own().versionCode;
    }

    /** Bytes, package, version, and a signer that is both the promised one and the running app's. */
    boolean isWhole(File file, Release release) throws IOException {
        if (file.length() != release.bytes || !Sha256.of(file).equals(release.sha256)) return false;
        PackageManager manager = context.getPackageManager();
        PackageInfo found = manager.getPackageArchiveInfo(file.getPath(), PackageManager.GET_SIGNATURES);
        if (found == null || !context.getPackageName().equals(found.packageName)) return false;
        if (found.versionCode != release.versionCode) return false;
        String signer = signerOf(found);
        return signer != null && signer.equals(release.signerSha256) && signer.equals(signerOf(own()));
    }

    private PackageInfo own() {
        try {
            return context.getPackageManager().getPackageInfo(context.getPackageName(), PackageManager.GET_SIGNATURES);
        } catch (PackageManager.NameNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    /** SHA-256 of the one certificate; null where there is none or more. */
    private static String signerOf(PackageInfo info) {
        boolean one = info.signatures != null && info.signatures.length == 1;
        return one ? Sha256.of(info.signatures[0].toByteArray()) : null;
    }
}
