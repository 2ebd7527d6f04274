package cn.bianmin.box;

import android.app.Notification;
import android.app.NotificationChannel;
import android.app.NotificationManager;
import android.content.Context;

/** What a service must show from Android 8 on to go on while another app is in front. Loaded there only. */
final class Api26Notice {
    private static final String CHANNEL = "reader";

    private Api26Notice() {}

    static Notification make(Context context) {
        String name = context.getString(R.string.reader_notice);
        NotificationManager manager = (NotificationManager) context.getSystemService(Context.NOTIFICATION_SERVICE);
        // No sound, and on most boxes nowhere to be seen.
        manager.createNotificationChannel(
                new NotificationChannel(CHANNEL, name, NotificationManager.IMPORTANCE_LOW));
        return new Notification.Builder(context, CHANNEL)
                .setSmallIcon(R.drawable.icon)
                .setContentTitle(name)
                .setOngoing(true)
                .build();
    }
}
