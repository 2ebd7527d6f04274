package cn.bianmin.box.launch;

import android.content.BroadcastReceiver;
import android.content.Context;
import android.content.Intent;
import cn.bianmin.box.BoxApplication;
import cn.bianmin.box.fleet.BeatSchedule;

/**
 * After the box was switched on, or this app replaced: clears away what an update left, and has the system wake this app for
 * its beats. It opens nothing on the screen, where live television is, and starts nothing that goes on.
 */
public final class BootReceiver extends BroadcastReceiver {
    @Override
    public void onReceive(Context context, Intent intent) {
        String action = intent.getAction();
        boolean ours = Intent.ACTION_BOOT_COMPLETED.equals(action) || Intent.ACTION_MY_PACKAGE_REPLACED.equals(action);
        if (!ours) return;
        BoxApplication.of(context).updater().clearInstalled();
        BeatSchedule.ensure(context, Math.random());
    }
}
