package cn.bianmin.box.time;

/** Time since the box was switched on, ms: goes on in sleep, is never set. */
public interface MonotonicClock {
    long elapsedMs();
}
