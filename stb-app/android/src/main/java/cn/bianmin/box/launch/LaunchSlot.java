package cn.bianmin.box.launch;

import android.content.Intent;

/** Holds the last intent's token until the page takes it, once. */
public final class LaunchSlot {
    private Launch waiting = Launch.of(null);

    /** Whether there is something to ask for. An intent without anything leaves what waits. */
    public synchronized boolean offer(Intent intent) {
        Launch launch = Launch.of(intent);
        if (launch.isEmpty()) return false;
        waiting = launch;
        return true;
    }

    /** Whether what waits is for the portal's own page in front, and no screen of ours. */
    public synchronized boolean isForReader() {
        return waiting.reader;
    }

    public synchronized Launch take() {
        Launch taken = waiting;
        waiting = Launch.of(null);
        return taken;
    }
}
