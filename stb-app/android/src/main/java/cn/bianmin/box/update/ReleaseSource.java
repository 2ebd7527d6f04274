package cn.bianmin.box.update;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/** Where a release is downloaded from. */
interface ReleaseSource {
    /** The bytes from `from` on, or all of them where the server gives no part. */
    Part open(String path, long from) throws IOException;

    /** Closed by the caller. */
    abstract class Part implements Closeable {
        /** Where it begins: what was asked for, or 0. */
        final long from;
        final InputStream bytes;

        Part(long from, InputStream bytes) {
            this.from = from;
            this.bytes = bytes;
        }
    }
}
