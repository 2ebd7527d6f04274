package cn.bianmin.box.fleet;

import cn.bianmin.box.bridge.Call;
import cn.bianmin.box.bridge.Failure;
import cn.bianmin.box.bridge.Operations;
import cn.bianmin.box.bridge.PassedOn;
import cn.bianmin.box.bridge.Request;
import cn.bianmin.box.net.HttpCodes;
import cn.bianmin.box.usb.UsbCodes;
import java.util.Arrays;
import java.util.List;
import org.json.JSONObject;

/** Counts what the page asked for in vain, by its code. A network that is away is one fault, however often the page asks. */
public final class CountedFaults extends PassedOn {
    /** Nothing is wrong where a reader said nothing in its time, or was unplugged. */
    private static final List<String> USUAL = Arrays.asList(UsbCodes.TIMEOUT, UsbCodes.GONE);

    private final FleetMemory memory;
    private volatile boolean away;

    public CountedFaults(Operations operations, FleetMemory memory) {
        super(operations);
        this.memory = memory;
    }

    @Override
    public JSONObject carryOut(Request request, Call call) throws Failure {
        try {
            JSONObject answer = super.carryOut(request, call);
            if ("http".equals(request.op)) away = false;
            return answer;
        } catch (Failure failure) {
            count(failure.code);
            throw failure;
        } catch (RuntimeException | Error e) {
            memory.fault("shell.unexpected");
            throw e;
        }
    }

    private void count(String code) {
        if (USUAL.contains(code)) return;
        boolean network = HttpCodes.UNAVAILABLE.equals(code);
        if (!network || !away) memory.fault(code);
        if (network) away = true;
    }
}
