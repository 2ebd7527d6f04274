package cn.bianmin.box.update;

/** A release that is not taken, whatever the server says. */
final class Distrusted extends Exception {
    /** Too few have signed it, or it is of another kind or version than it says. */
    static final String UNSIGNED = "update.unsigned";
    /** It was signed too long ago. */
    static final String EXPIRED = "update.expired";
    /** It was signed in the future: a clock is wrong, and the release may be good. */
    static final String CLOCK = "trust.clock";

    /** As a kiosk names it. */
    final String code;

    Distrusted(String code, Throwable cause) {
        super(code, cause);
        this.code = code;
    }

    /** Whether the server is to hear of it, and offers this release no more. */
    boolean isOfTheRelease() {
        return !CLOCK.equals(code);
    }
}
