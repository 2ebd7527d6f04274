package androidx.test.runner.lifecycle;

/** Stands in for a class that is only in Google's repository and that Robolectric asks for. */
public enum Stage {
    PRE_ON_CREATE,
    CREATED,
    STARTED,
    RESUMED,
    PAUSED,
    STOPPED,
    RESTARTED,
    DESTROYED
}
