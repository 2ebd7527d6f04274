package cn.bianmin.box.store;

import android.system.ErrnoException;
import android.system.Os;
import android.system.OsConstants;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;

/** The box's own. */
final class AndroidDisk implements Disk {
    @Override
    public void writeSynced(File file, byte[] bytes) throws IOException {
        try (FileOutputStream out = new FileOutputStream(file)) {
            out.write(bytes);
            out.getFD().sync();
        }
    }

    @Override
    public void rename(File from, File to) throws IOException {
        if (!from.renameTo(to)) throw new IOException("rename");
    }

    @Override
    public void delete(File file) throws IOException {
        if (!file.delete() && file.exists()) throw new IOException("delete");
    }

    @Override
    public void syncFolder(File folder) throws IOException {
        try {
            FileDescriptor open = Os.open(folder.getPath(), OsConstants.O_RDONLY, 0);
            try {
                Os.fsync(open);
            } finally {
                Os.close(open);
            }
        } catch (ErrnoException e) {
            throw new IOException(e);
        }
    }
}
