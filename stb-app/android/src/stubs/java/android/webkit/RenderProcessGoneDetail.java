package android.webkit;

/** API 26, for the compiler alone; never in the package. */
public abstract class RenderProcessGoneDetail {}
