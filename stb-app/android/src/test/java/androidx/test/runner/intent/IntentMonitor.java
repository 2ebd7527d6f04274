package androidx.test.runner.intent;

/** Stands in for a class that is only in Google's repository and that Robolectric asks for. */
public interface IntentMonitor {}
