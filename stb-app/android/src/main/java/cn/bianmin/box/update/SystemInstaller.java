package cn.bianmin.box.update;

import android.app.PendingIntent;
import android.content.Context;
import android.content.Intent;
import android.content.pm.PackageInstaller;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Hands a file to the system's installer by a session (API 21), byte by byte: the file stays where no other app can
 * read or exchange it. The system then asks the person; `InstallReceiver` opens that question.
 */
final class SystemInstaller implements Installer {
    private final Context context;

    SystemInstaller(Context context) {
        this.context = context;
    }

    @Override
    public void install(File apk) throws IOException {
        PackageInstaller installer = context.getPackageManager().getPackageInstaller();
        PackageInstaller.SessionParams params =
                new PackageInstaller.SessionParams(PackageInstaller.SessionParams.MODE_FULL_INSTALL);
        params.setAppPackageName(context.getPackageName());
        params.setSize(apk.length());
        int id = installer.createSession(params);
        try (PackageInstaller.Session session = installer.openSession(id)) {
            write(apk, session);
            Intent intent = new Intent(context, InstallReceiver.class);
            int flags = PendingIntent.FLAG_UPDATE_CURRENT;
            session.commit(PendingIntent.getBroadcast(context, id, intent, flags).getIntentSender());
        } catch (IOException | RuntimeException e) {
            installer.abandonSession(id);
            throw e;
        }
    }

    private static void write(File apk, PackageInstaller.Session session) throws IOException {
        try (InputStream in = new FileInputStream(apk);
                OutputStream out = session.openWrite("bianmin-box.apk", 0, apk.length())) {
            byte[] chunk = new byte[16384];
            for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) out.write(chunk, 0, length);
            session.fsync(out);
        }
    }
}
