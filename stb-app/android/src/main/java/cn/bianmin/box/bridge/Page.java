package cn.bianmin.box.bridge;

/** The page, as far as the shell calls it. */
public interface Page {
    /**
     * Calls a method of one of the page's objects with strings, from any thread; returns before it is done. Where the
     * page has no such object, nothing happens.
     */
    void call(String object, String method, String... arguments);
}
