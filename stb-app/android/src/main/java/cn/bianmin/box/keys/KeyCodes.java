package cn.bianmin.box.keys;

/** The failures of docs/protocol/box-shell.md that are about keys. */
public final class KeyCodes {
    public static final String KEYS_LOST = "shell.keys-lost";
    public static final String UNSEAL_FAILED = "shell.unseal-failed";

    private KeyCodes() {}
}
