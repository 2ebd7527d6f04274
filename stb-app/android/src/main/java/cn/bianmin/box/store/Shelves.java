package cn.bianmin.box.store;

import android.system.ErrnoException;
import android.system.OsConstants;
import cn.bianmin.box.bridge.Failure;
import cn.bianmin.box.shell.ShellCodes;
import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;

/** The page's small texts that outlive a power cut, by shelf and name. */
public final class Shelves {
    private static final List<String> SHELVES = Arrays.asList("journal", "settings");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final int MOST_BYTES = 64 * 1024;
    /** A page that fills the box would be a fault; a household's journal is a handful. */
    private static final int MOST_NAMES = 1000;
    /** After each name: `.` and `..` are names, too. */
    private static final String SUFFIX = ".value";
    private static final Charset UTF_8 = Charset.forName("UTF-8");

    private final File root;
    private final Disk disk;

    public Shelves(File root) {
        this(root, new AndroidDisk());
    }

    Shelves(File root, Disk disk) {
        this.root = root;
        this.disk = disk;
    }

    public synchronized List<String> list(String shelf) throws Failure {
        List<String> names = new ArrayList<>();
        String[] files = folder(shelf).list();
        if (files == null) throw new Failure(ShellCodes.IO);
        for (String file : files) {
            if (file.endsWith(SUFFIX)) names.add(file.substring(0, file.length() - SUFFIX.length()));
        }
        Collections.sort(names);
        return names;
    }

    /** Null where there is none. */
    public synchronized String get(String shelf, String name) throws Failure {
        try {
            byte[] bytes = file(shelf, name).read();
            return bytes == null ? null : new String(bytes, UTF_8);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    public synchronized void put(String shelf, String name, String value) throws Failure {
        byte[] bytes = value.getBytes(UTF_8);
        if (bytes.length > MOST_BYTES) throw new Failure(ShellCodes.BAD_REQUEST);
        DurableFile file = file(shelf, name);
        List<String> names = list(shelf);
        if (names.size() >= MOST_NAMES && !names.contains(name)) throw new Failure(ShellCodes.STORE_FULL);
        try {
            file.write(bytes);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    public synchronized void remove(String shelf, String name) throws Failure {
        try {
            file(shelf, name).remove();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private DurableFile file(String shelf, String name) throws Failure {
        if (!NAME.matcher(name).matches()) throw new Failure(ShellCodes.BAD_REQUEST);
        return new DurableFile(new File(folder(shelf), name + SUFFIX), disk);
    }

    private File folder(String shelf) throws Failure {
        if (!SHELVES.contains(shelf)) throw new Failure(ShellCodes.BAD_REQUEST);
        File folder = new File(root, shelf);
        if (folder.isDirectory()) return folder;
        try {
            if (!folder.mkdirs()) throw new IOException("mkdirs");
            disk.syncFolder(root);
            disk.syncFolder(root.getParentFile());
        } catch (IOException e) {
            throw failure(e);
        }
        return folder;
    }

    private static Failure failure(IOException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof ErrnoException && ((ErrnoException) cause).errno == OsConstants.ENOSPC) {
                return new Failure(ShellCodes.STORE_FULL, e);
            }
        }
        return new Failure(ShellCodes.IO, e);
    }
}
