package cn.bianmin.box.bridge;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The shell's threads, which are there only while they have work. */
public final class Workers {
    /** Two readers with three endpoints each, an answer awaited from a person, and what the page asks beside. */
    private static final int MOST = 24;
    private static final long IDLE_SECONDS = 20;

    private Workers() {}

    /** Each piece of work on a thread of its own; refuses more than a page has a use for. */
    public static ExecutorService parallel(String name) {
        return new ThreadPoolExecutor(
                0, MOST, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<Runnable>(), named(name));
    }

    /** One after the other, in their order. */
    public static ExecutorService serial(String name) {
        return Executors.newSingleThreadExecutor(named(name));
    }

    private static ThreadFactory named(final String name) {
        final AtomicInteger count = new AtomicInteger();
        return new ThreadFactory() {
            @Override
            public Thread newThread(Runnable work) {
                Thread thread = new Thread(work, name + "-" + count.incrementAndGet());
                thread.setDaemon(true);
                return thread;
            }
        };
    }
}
