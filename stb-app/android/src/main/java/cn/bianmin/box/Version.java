package cn.bianmin.box;

import android.content.Context;
import android.content.pm.PackageManager;

/** The app's own version, as package.json has it. */
public final class Version {
    private Version() {}

    public static String of(Context context) {
        try {
            return context.getPackageManager().getPackageInfo(context.getPackageName(), 0).versionName;
        } catch (PackageManager.NameNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
