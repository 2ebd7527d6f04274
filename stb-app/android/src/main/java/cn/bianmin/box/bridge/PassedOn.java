package cn.bianmin.box.bridge;

import java.util.concurrent.Executor;
import org.json.JSONObject;

/** Another's operations, as they are: for who looks at some of them on their way. */
public abstract class PassedOn implements Operations {
    private final Operations operations;

    protected PassedOn(Operations operations) {
        this.operations = operations;
    }

    @Override
    public final String badRequestCode() {
        return operations.badRequestCode();
    }

    @Override
    public final String unexpectedCode() {
        return operations.unexpectedCode();
    }

    @Override
    public Executor executorOf(Request request) {
        return operations.executorOf(request);
    }

    @Override
    public JSONObject carryOut(Request request, Call call) throws Failure {
        return operations.carryOut(request, call);
    }
}
