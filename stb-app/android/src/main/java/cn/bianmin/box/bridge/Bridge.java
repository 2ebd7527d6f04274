package cn.bianmin.box.bridge;

import android.webkit.JavascriptInterface;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.json.JSONObject;

/**
 * An object that the page sees: takes a request, returns at once, throws never, and has each request answered once.
 * `hello` begins a new page: what an earlier one asked is not answered any more, as its ids begin anew.
 */
public final class Bridge {
    private static final Pattern ID = Pattern.compile("[0-9]{1,15}");

    private final Operations operations;
    private final Page page;
    private final String pageObject;
    private final AtomicInteger pages = new AtomicInteger();

    /** `pageObject`: the name of the page's object that is answered to. */
    public Bridge(Operations operations, Page page, String pageObject) {
        this.operations = operations;
        this.page = page;
        this.pageObject = pageObject;
    }

    @JavascriptInterface
    public void call(String id, String text) {
        // No call could be answered.
        if (id == null || !ID.matcher(id).matches()) return;
        Request request;
        try {
            request = Request.parse(text, operations.badRequestCode());
        } catch (Failure failure) {
            new PageCall(id, pages.get()).fail(failure.code);
            return;
        }
        int number = "hello".equals(request.op) ? pages.incrementAndGet() : pages.get();
        start(request, new PageCall(id, number));
    }

    private void start(final Request request, final Call call) {
        try {
            operations
                    .executorOf(request)
                    .execute(
                            new Runnable() {
                                @Override
                                public void run() {
                                    carryOut(request, call);
                                }
                            });
        } catch (RejectedExecutionException e) {
            call.fail(operations.unexpectedCode());
        }
    }

    private void carryOut(Request request, Call call) {
        try {
            call.settle(operations.carryOut(request, call));
        } catch (Failure failure) {
            call.fail(failure.code);
        } catch (RuntimeException | Error e) {
            call.fail(operations.unexpectedCode());
        }
    }

    private final class PageCall extends Call {
        private final String id;
        private final int pageNumber;

        PageCall(String id, int pageNumber) {
            this.id = id;
            this.pageNumber = pageNumber;
        }

        @Override
        protected void send(JSONObject answer) {
            if (pageNumber == pages.get()) page.call(pageObject, "answer", id, answer.toString());
        }
    }
}
