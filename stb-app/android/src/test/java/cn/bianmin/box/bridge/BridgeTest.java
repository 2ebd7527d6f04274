package cn.bianmin.box.bridge;

import static org.junit.Assert.assertEquals;

import cn.bianmin.box.testing.RecordingPage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.json.JSONObject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;

@RunWith(RobolectricTestRunner.class)
public class BridgeTest {
    private final RecordingPage page = new RecordingPage();
    private final List<Runnable> waiting = new ArrayList<>();
    private Executor executor = waiting::add;

    private final Bridge bridge =
            new Bridge(
                    new Operations() {
                        @Override
                        public String badRequestCode() {
                            return "bad";
                        }

                        @Override
                        public String unexpectedCode() {
                            return "unexpected";
                        }

                        @Override
                        public Executor executorOf(Request request) {
                            return executor;
                        }

                        @Override
                        public JSONObject carryOut(Request request, Call call) throws Failure {
                            switch (request.op) {
                                case "early":
                                    call.fail("gone");
                                    return Answer.ok();
                                case "fails":
                                    throw new Failure("failed");
                                case "breaks":
                                    throw new IllegalStateException("secret 1234");
                                case "overflows":
                                    throw new StackOverflowError();
                                default:
                                    return Answer.put(Answer.ok(), "op", request.op);
                            }
                        }
                    },
                    page,
                    "Page");

    private void work() {
        List<Runnable> now = new ArrayList<>(waiting);
        waiting.clear();
        for (Runnable each : now) each.run();
    }

    private String asked(String id, String request) throws InterruptedException {
        bridge.call(id, request);
        work();
        return page.answer(id).toString();
    }

    @Test
    public void returnsBeforeItIsDoneAndAnswersOnce() throws Exception {
        bridge.call("1", "{\"op\":\"x\"}");
        assertEquals(0, page.answersTo("1"));
        work();
        assertEquals("{\"ok\":true,\"op\":\"x\"}", page.answer("1").toString());
        assertEquals(1, page.answersTo("1"));
    }

    @Test
    public void aCallThatWasSettledBeforeItEndedKeepsItsFirstAnswer() throws Exception {
        assertEquals("{\"ok\":false,\"code\":\"gone\"}", asked("1", "{\"op\":\"early\"}"));
        assertEquals(1, page.answersTo("1"));
    }

    @Test
    public void failuresAreCodesAndNeverTexts() throws Exception {
        assertEquals("{\"ok\":false,\"code\":\"failed\"}", asked("1", "{\"op\":\"fails\"}"));
        assertEquals("{\"ok\":false,\"code\":\"unexpected\"}", asked("2", "{\"op\":\"breaks\"}"));
        assertEquals("{\"ok\":false,\"code\":\"unexpected\"}", asked("3", "{\"op\":\"overflows\"}"));
    }

    @Test
    public void whatIsNoRequestIsAnsweredAsSuch() throws Exception {
        String[] texts = {"", "null", "[]", "{", "{\"op\":1}", "{}", "\"hello\"", null};
        for (int i = 0; i < texts.length; i++) {
            assertEquals("{\"ok\":false,\"code\":\"bad\"}", asked(String.valueOf(i), texts[i]));
        }
    }

    @Test
    public void withoutAnIdThereIsNobodyToAnswer() {
        for (String id : new String[] {null, "", "x", "-1", "1;alert(1)", "1234567890123456"}) {
            bridge.call(id, "{\"op\":\"x\"}");
        }
        assertEquals(0, waiting.size());
    }

    @Test
    public void helloBeginsANewPageWhoseIdsBeginAnew() throws Exception {
        bridge.call("1", "{\"op\":\"old\"}");
        bridge.call("1", "{\"op\":\"hello\"}");
        work();
        assertEquals(1, page.answersTo("1"));
        assertEquals("hello", page.answer("1").getString("op"));
    }

    @Test
    public void moreThanTheShellHasThreadsForIsAnsweredToo() throws Exception {
        executor =
                work -> {
                    throw new RejectedExecutionException();
                };
        assertEquals("{\"ok\":false,\"code\":\"unexpected\"}", asked("1", "{\"op\":\"x\"}"));
    }
}
