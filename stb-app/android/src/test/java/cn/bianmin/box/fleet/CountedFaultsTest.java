package cn.bianmin.box.fleet;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import cn.bianmin.box.bridge.Answer;
import cn.bianmin.box.bridge.Call;
import cn.bianmin.box.bridge.Failure;
import cn.bianmin.box.bridge.Operations;
import cn.bianmin.box.bridge.Request;
import cn.bianmin.box.store.DurableFile;
import java.io.File;
import java.util.concurrent.Executor;
import org.json.JSONObject;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;

@RunWith(RobolectricTestRunner.class)
public class CountedFaultsTest {
    @Rule public final TemporaryFolder temporary = new TemporaryFolder();

    private FleetMemory memory;
    private String failure;
    private Operations counted;

    @Before
    public void make() {
        memory = new FleetMemory(new DurableFile(new File(temporary.getRoot(), "fleet.json")), () -> 0);
        counted =
                new CountedFaults(
                        new Operations() {
                            @Override
                            public String badRequestCode() {
                                return "shell.bad-request";
                            }

                            @Override
                            public String unexpectedCode() {
                                return "shell.io";
                            }

                            @Override
                            public Executor executorOf(Request request) {
                                return Runnable::run;
                            }

                            @Override
                            public JSONObject carryOut(Request request, Call call) throws Failure {
                                if ("broken".equals(failure)) throw new IllegalStateException("a name");
                                if (failure != null) throw new Failure(failure);
                                return Answer.ok();
                            }
                        },
                        memory);
    }

    private void ask(String op, String fails) throws Exception {
        failure = fails;
        Request request = Request.parse("{'op':'" + op + "'}", "shell.bad-request");
        if (fails == null) counted.carryOut(request, null);
        else if (fails.equals("broken")) assertThrows(IllegalStateException.class, () -> counted.carryOut(request, null));
        else assertEquals(fails, assertThrows(Failure.class, () -> counted.carryOut(request, null)).code);
    }

    @Test
    public void countsWhatFailedByItsCodeAndNotWhatIsUsual() throws Exception {
        ask("bulkIn", "usb.timeout");
        ask("bulkIn", "usb.gone");
        ask("bulkIn", "usb.stall");
        ask("sign", "shell.keys-lost");
        ask("keys", "broken");
        ask("keys", null);
        assertEquals("{shell.keys-lost=1, shell.unexpected=1, usb.stall=1}", memory.take().toString());
    }

    @Test
    public void aNetworkThatIsAwayIsOneFault() throws Exception {
        for (int i = 0; i < 50; i++) ask("http", "http.unavailable");
        ask("sign", null);
        ask("http", "http.unavailable");
        ask("http", null);
        ask("http", "http.unavailable");
        ask("http", "http.untrusted");
        assertEquals("{http.unavailable=2, http.untrusted=1}", memory.take().toString());
    }
}
