package cn.bianmin.box.update;

import android.content.BroadcastReceiver;
import android.content.Context;
import android.content.Intent;
import android.content.pm.PackageInstaller;

/** Opens the installer's question to the person. Not exported: only the system reaches it. */
public final class InstallReceiver extends BroadcastReceiver {
    @Override
    public void onReceive(Context context, Intent intent) {
        int status = intent.getIntExtra(PackageInstaller.EXTRA_STATUS, PackageInstaller.STATUS_FAILURE);
        Intent question = intent.getParcelableExtra(Intent.EXTRA_INTENT);
        if (status != PackageInstaller.STATUS_PENDING_USER_ACTION || question == null) return;
        context.startActivity(question.addFlags(Intent.FLAG_ACTIVITY_NEW_TASK));
    }
}
