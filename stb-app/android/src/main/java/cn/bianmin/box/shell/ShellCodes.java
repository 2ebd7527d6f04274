package cn.bianmin.box.shell;

/** The failures of docs/protocol/box-shell.md that are not about keys or the network. */
public final class ShellCodes {
    public static final String BAD_REQUEST = "shell.bad-request";
    public static final String STORE_FULL = "shell.store-full";
    public static final String IO = "shell.io";

    private ShellCodes() {}
}
