package cn.bianmin.box.testing;

import static org.robolectric.Shadows.shadowOf;

import android.os.Looper;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** For what another thread brings to the main one. */
public final class Eventually {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private Eventually() {}

    /** Lets the main thread work until it is so; fails where it does not become so. */
    public static void until(String what, BooleanSupplier isSo) {
        long from = System.nanoTime();
        shadowOf(Looper.getMainLooper()).idle();
        while (!isSo.getAsBoolean()) {
            if (System.nanoTime() - from > PATIENCE_NANOS) throw new AssertionError(what + " did not come");
            LockSupport.parkNanos(LOOK_NANOS);
            shadowOf(Looper.getMainLooper()).idle();
        }
    }
}
