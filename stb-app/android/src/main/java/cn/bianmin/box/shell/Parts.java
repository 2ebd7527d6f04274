package cn.bianmin.box.shell;

import cn.bianmin.box.Config;
import cn.bianmin.box.CrashLog;
import cn.bianmin.box.fleet.Beats;
import cn.bianmin.box.fleet.FleetMemory;
import cn.bianmin.box.fleet.commands.Commands;
import cn.bianmin.box.keys.KeyVault;
import cn.bianmin.box.launch.LaunchSlot;
import cn.bianmin.box.net.Network;
import cn.bianmin.box.net.Server;
import cn.bianmin.box.store.Shelves;
import cn.bianmin.box.time.MonotonicClock;
import cn.bianmin.box.time.TrustedTime;
import cn.bianmin.box.update.Updater;

/** What the shell's operations work with; one of each for the app. */
public final class Parts {
    public Config config;
    public String version;
    public KeyVault keys;
    public Server server;
    public TrustedTime time;
    public MonotonicClock clock;
    public Shelves shelves;
    public LaunchSlot launch;
    public Network network;
    public Speaker speaker;
    public Updater updater;
    public CrashLog crashes;
    public FleetMemory memory;
    public Beats beats;
    public Commands commands;
}
