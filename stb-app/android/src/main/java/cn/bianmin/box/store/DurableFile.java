package cn.bianmin.box.store;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;

/** A file that is there whole or not at all, whenever the power goes. */
public final class DurableFile {
    /** What a write that was broken off leaves. */
    static final String TEMPORARY = ".tmp";

    private final File file;
    private final Disk disk;

    public DurableFile(File file) {
        this(file, new AndroidDisk());
    }

    DurableFile(File file, Disk disk) {
        this.file = file;
        this.disk = disk;
    }

    /** Null where there is none. */
    public synchronized byte[] read() throws IOException {
        try (FileInputStream in = new FileInputStream(file)) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            byte[] chunk = new byte[8192];
            for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) all.write(chunk, 0, length);
            return all.toByteArray();
        } catch (FileNotFoundException e) {
            if (file.exists()) throw e;
            return null;
        }
    }

    /** When it returns, the bytes outlive a power cut. Where it throws, what was there before is there still. */
    public synchronized void write(byte[] bytes) throws IOException {
        File temporary = new File(file.getPath() + TEMPORARY);
        disk.writeSynced(temporary, bytes);
        disk.rename(temporary, file);
        disk.syncFolder(file.getParentFile());
    }

    public synchronized void remove() throws IOException {
        if (!file.exists()) return;
        disk.delete(file);
        disk.syncFolder(file.getParentFile());
    }
}
