package cn.bianmin.box.fleet.commands;

import cn.bianmin.box.bridge.Failure;
import cn.bianmin.box.fleet.Refused;

/** What a box can do, as far as commands see it. Any thread. */
public interface Deeds {
    /** No page is open, or it is not seen and its readers are closed: a purchase is nowhere under way. */
    boolean isQuiet();

    /** Lets the page go that is not seen; the next start loads it anew. */
    void dropPage();

    /** Sends how this box is; gives the report's number. Blocks. */
    String report() throws Failure, Refused;
}
