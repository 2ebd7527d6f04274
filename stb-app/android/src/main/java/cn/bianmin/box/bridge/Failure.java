package cn.bianmin.box.bridge;

/** A request that cannot be carried out, by the code that its answer has. Never a text: it could hold what was sent. */
public final class Failure extends Exception {
    public final String code;

    public Failure(String code) {
        super(code);
        this.code = code;
    }

    public Failure(String code, Throwable cause) {
        super(code, cause);
        this.code = code;
    }
}
