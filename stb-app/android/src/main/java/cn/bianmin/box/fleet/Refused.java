package cn.bianmin.box.fleet;

/** The server answered, and not what was asked for. */
public final class Refused extends Exception {
    public final int status;
    /** The problem's code; empty where the answer names none. */
    public final String code;
    /** When to come again, ms; negative where it was not said. */
    final long retryAfterMs;

    /** It will take the same later, and said when. */
    public boolean isBusy() {
        return (status == 503 || status == 429) && retryAfterMs >= 0;
    }

    Refused(int status, String code, long retryAfterMs) {
        super(status + " " + code);
        this.status = status;
        this.code = code;
        this.retryAfterMs = retryAfterMs;
    }
}
