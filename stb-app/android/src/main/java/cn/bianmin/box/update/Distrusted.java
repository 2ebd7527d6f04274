package cn.bianmin.box.update;

/** A release that is not taken, whatever the server says. */
final class Distrusted extends Exception {
    /** Too few have signed it, or it is of another kind or version than it says. */
    static final String UNSIGNED = "update.unsigned";
    /** It was signed too long ago. */
    static final String EXPIRED = "update.expired";

    /** As a kiosk names it to the server. */
    final String code;

    Distrusted(String code, Throwable cause) {
        super(code, cause);
        this.code = code;
    }
}
