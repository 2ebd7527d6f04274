package cn.bianmin.box.web;

import java.io.IOException;
import java.io.InputStream;

/** Where the pages' files come from. */
interface Assets {
    /** Throws where there is no such file. `path`: without a leading slash. */
    InputStream open(String path) throws IOException;
}
