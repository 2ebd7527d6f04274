package cn.bianmin.box.update;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;

/** Fetches a release into a file, and goes on where an earlier try ended. */
final class Download {
    private Download() {}

    /** Returns when the file has all bytes; throws where the connection ended before. */
    static void fetch(ReleaseSource source, Release release, File file) throws IOException {
        long have = file.length();
        if (have > release.bytes) have = 0;
        if (have == release.bytes) return;
        try (ReleaseSource.Part part = source.open(release.path, have);
                RandomAccessFile out = new RandomAccessFile(file, "rw")) {
            out.setLength(part.from);
            out.seek(part.from);
            long left = release.bytes - part.from;
            byte[] chunk = new byte[16384];
            while (left > 0) {
                int length = part.bytes.read(chunk, 0, (int) Math.min(chunk.length, left));
                if (length < 0) throw new IOException("ended early");
                out.write(chunk, 0, length);
                left -= length;
            }
            out.getFD().sync();
        }
    }
}
