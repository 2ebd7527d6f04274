package androidx.test.runner.intent;

/** Stands in for a class that is only in Google's repository and that Robolectric asks for. */
public final class IntentStubberRegistry {
    private IntentStubberRegistry() {}

    public static boolean isLoaded() {
        return false;
    }

    public static IntentStubber getInstance() {
        return null;
    }
}
