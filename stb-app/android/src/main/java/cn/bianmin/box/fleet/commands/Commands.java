package cn.bianmin.box.fleet.commands;

import cn.bianmin.box.fleet.Beats;
import cn.bianmin.box.fleet.FleetMemory;
import cn.bianmin.box.fleet.TerminalApi;
import cn.bianmin.box.net.Server;
import cn.bianmin.box.store.DurableFile;
import cn.bianmin.box.time.TrustedTime;
import java.io.File;

/** This box's side of commands: docs/protocol/box-shell.md, "Told from afar". */
public final class Commands implements Beats.Blocked {
    public final CommandDesk desk;
    private final CommandTrust trust;
    private final CommandBook book;
    private final FleetMemory memory;

    /** `folder`: where the key and the book are kept. */
    public Commands(File folder, Deeds deeds, TerminalApi api, FleetMemory memory, TrustedTime time) {
        this.memory = memory;
        trust = new CommandTrust(new DurableFile(new File(folder, "command-key.json")));
        book = new CommandBook(new DurableFile(new File(folder, "commands.json")));
        desk = new CommandDesk(trust, book, deeds, api, memory, time);
    }

    @Override
    public boolean isBlocked() {
        return book.isBlocked();
    }

    /** The server as the page sees it: its enrolment names the key of commands, and a blocked box begins nothing. */
    public Server forPage(Server server) {
        return new PageServer(new BlockedSales(server, book), trust, memory);
    }
}
