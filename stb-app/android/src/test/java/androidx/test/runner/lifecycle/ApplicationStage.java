package androidx.test.runner.lifecycle;

/** Stands in for a class that is only in Google's repository and that Robolectric asks for. */
public enum ApplicationStage {
    PRE_ON_CREATE,
    CREATED
}
