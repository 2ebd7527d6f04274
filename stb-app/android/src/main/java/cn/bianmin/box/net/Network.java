package cn.bianmin.box.net;

import android.content.BroadcastReceiver;
import android.content.Context;
import android.content.Intent;
import android.content.IntentFilter;
import android.net.ConnectivityManager;
import android.net.NetworkInfo;

/** Whether the box has a network. */
@SuppressWarnings("deprecation")
public final class Network {
    /** Told on the main thread, only of changes. */
    public interface Listener {
        void networkChanged(boolean online);
    }

    private final ConnectivityManager manager;
    private volatile Listener listener;
    private boolean was;

    public Network(Context context) {
        manager = (ConnectivityManager) context.getSystemService(Context.CONNECTIVITY_SERVICE);
        was = isOnline();
        context.registerReceiver(new Receiver(), new IntentFilter(ConnectivityManager.CONNECTIVITY_ACTION));
    }

    public void setListener(Listener listener) {
        this.listener = listener;
    }

    public boolean isOnline() {
        NetworkInfo active = manager.getActiveNetworkInfo();
        return active != null && active.isConnected();
    }

    private final class Receiver extends BroadcastReceiver {
        @Override
        public void onReceive(Context context, Intent intent) {
            boolean online = isOnline();
            if (online == was) return;
            was = online;
            Listener told = listener;
            if (told != null) told.networkChanged(online);
        }
    }
}
