package cn.bianmin.box.update;

import java.io.File;
import java.io.IOException;

/** The system's installer, which asks the person. */
interface Installer {
    void install(File apk) throws IOException;
}
