package androidx.test.runner.lifecycle;

import android.app.Activity;

/** Stands in for a class that is only in Google's repository and that Robolectric asks for. */
public interface ActivityLifecycleCallback {
    void onActivityLifecycleChanged(Activity activity, Stage stage);
}
