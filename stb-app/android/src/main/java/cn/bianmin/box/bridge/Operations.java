package cn.bianmin.box.bridge;

import java.util.concurrent.Executor;
import org.json.JSONObject;

/** What one of the shell's objects can do. */
public interface Operations {
    /** The code of a request that is not as agreed. */
    String badRequestCode();

    /** The code of anything unforeseen. */
    String unexpectedCode();

    /** Where a request is carried out; those of one executor may be kept in their order by it. */
    Executor executorOf(Request request);

    /**
     * Carries a request out on a thread of its executor; it may block there. The answer is what it returns, unless it has
     * been settled before, as when the device is unplugged.
     */
    JSONObject carryOut(Request request, Call call) throws Failure;
}
