package cn.bianmin.box.usb;

import android.content.BroadcastReceiver;
import android.content.Context;
import android.content.Intent;
import android.hardware.usb.UsbDevice;
import android.hardware.usb.UsbManager;
import cn.bianmin.box.BoxApplication;

/** Hears what the person said to the system's question about a reader. Not exported: only the system reaches it. */
public final class PermissionReceiver extends BroadcastReceiver {
    @Override
    public void onReceive(Context context, Intent intent) {
        UsbDevice device = intent.getParcelableExtra(UsbManager.EXTRA_DEVICE);
        if (device != null) BoxApplication.of(context).readers().permissionAnswered(device);
    }
}
