package cn.bianmin.box.shell;

/** What the shell can do with the screen; any thread. */
public interface Screen {
    /** The WebView's user agent. */
    String engine();

    /** Ends the activity; `backUrl`, which may be null, is opened where there is something that opens it. */
    void leave(String backUrl);
}
