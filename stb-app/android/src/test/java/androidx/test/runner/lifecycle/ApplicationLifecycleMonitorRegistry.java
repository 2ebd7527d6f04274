package androidx.test.runner.lifecycle;

/** Stands in for a class that is only in Google's repository and that Robolectric asks for. */
public final class ApplicationLifecycleMonitorRegistry {
    private ApplicationLifecycleMonitorRegistry() {}

    public static void registerInstance(ApplicationLifecycleMonitor monitor) {}
}
