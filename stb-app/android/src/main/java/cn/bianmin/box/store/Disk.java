package cn.bianmin.box.store;

import java.io.File;
import java.io.IOException;

/** The steps of which a durable write is made. A test ends the power between any two of them. */
interface Disk {
    /** Writes a new file and has it on the medium. */
    void writeSynced(File file, byte[] bytes) throws IOException;

    /** In place of what is there, at once. */
    void rename(File from, File to) throws IOException;

    void delete(File file) throws IOException;

    /** Has the folder's names on the medium. */
    void syncFolder(File folder) throws IOException;
}
