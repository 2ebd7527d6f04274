package cn.bianmin.box;

import cn.bianmin.box.store.DurableFile;
import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;

/**
 * Remembers where the shell broke: names of exceptions and lines of code. Messages are left out, as they can hold what
 * was sent or read.
 */
public final class CrashLog implements Thread.UncaughtExceptionHandler {
    private static final int MOST_LINES = 60;
    private static final Charset UTF_8 = Charset.forName("UTF-8");

    private final DurableFile file;
    private final String version;
    private final Thread.UncaughtExceptionHandler next;

    /** `next`: the system's own, which ends the process; may be null. */
    public CrashLog(File file, String version, Thread.UncaughtExceptionHandler next) {
        this.file = new DurableFile(file);
        this.version = version;
        this.next = next;
    }

    @Override
    public void uncaughtException(Thread thread, Throwable e) {
        try {
            file.write(describe(thread, e).getBytes(UTF_8));
        } catch (IOException | RuntimeException | Error inVain) {
            // Nothing can be done about a crash while crashing.
        } finally {
            if (next != null) next.uncaughtException(thread, e);
        }
    }

    /** Null where nothing happened since it was last asked. */
    public String take() {
        try {
            byte[] bytes = file.read();
            if (bytes == null) return null;
            file.remove();
            return new String(bytes, UTF_8);
        } catch (IOException e) {
            return null;
        }
    }

    private String describe(Thread thread, Throwable e) {
        StringBuilder text = new StringBuilder();
        text.append(System.currentTimeMillis()).append(' ').append(version).append(' ').append(thread.getName());
        int lines = 0;
        for (Throwable cause = e; cause != null && lines < MOST_LINES; cause = cause.getCause()) {
            text.append('\n').append(cause.getClass().getName());
            for (StackTraceElement frame : cause.getStackTrace()) {
                if (++lines >= MOST_LINES) break;
                text.append("\n  ").append(frame.getClassName()).append('.').append(frame.getMethodName());
                text.append(':').append(frame.getLineNumber());
            }
        }
        return text.toString();
    }
}
