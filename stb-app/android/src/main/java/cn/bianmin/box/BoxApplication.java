package cn.bianmin.box;

import android.app.Application;
import android.content.Context;
import android.os.Handler;
import android.os.Looper;
import android.os.Process;
import android.os.SystemClock;
import cn.bianmin.box.bridge.Workers;
import cn.bianmin.box.fleet.BeatSchedule;
import cn.bianmin.box.fleet.Beats;
import cn.bianmin.box.fleet.FleetMemory;
import cn.bianmin.box.fleet.Report;
import cn.bianmin.box.fleet.TerminalApi;
import cn.bianmin.box.fleet.Vitals;
import cn.bianmin.box.fleet.commands.Commands;
import cn.bianmin.box.keys.AndroidKeyShelf;
import cn.bianmin.box.keys.WrappedVault;
import cn.bianmin.box.launch.LaunchSlot;
import cn.bianmin.box.net.Anchors;
import cn.bianmin.box.net.DateOf;
import cn.bianmin.box.net.HttpServer;
import cn.bianmin.box.net.Network;
import cn.bianmin.box.net.TimedServer;
import cn.bianmin.box.net.Tls;
import cn.bianmin.box.shell.Parts;
import cn.bianmin.box.shell.Speaker;
import cn.bianmin.box.store.DurableFile;
import cn.bianmin.box.store.Shelves;
import cn.bianmin.box.time.MonotonicClock;
import cn.bianmin.box.time.TrustedTime;
import cn.bianmin.box.update.HttpReleaseSource;
import cn.bianmin.box.update.ReleaseTrust;
import cn.bianmin.box.update.ServerOffers;
import cn.bianmin.box.update.Updater;
import cn.bianmin.box.usb.Readers;
import java.io.File;
import java.util.Random;

/** The app's parts, put together; each is made when it is first needed, since a broadcast may start the process. */
public final class BoxApplication extends Application {
    /** For the system to hear that the beat is over. */
    private static final long RESTART_AFTER_MS = 2_000;

    private CrashLog crashes;
    private final Seat seat = new Seat();
    private Readers readers;
    private Parts parts;

    public static BoxApplication of(Context context) {
        return (BoxApplication) context.getApplicationContext();
    }

    @Override
    public void onCreate() {
        super.onCreate();
        crashes =
                new CrashLog(
                        new File(getFilesDir(), "crash.txt"),
                        Version.of(this),
                        Thread.getDefaultUncaughtExceptionHandler());
        Thread.setDefaultUncaughtExceptionHandler(crashes);
    }

    Seat seat() {
        return seat;
    }

    public synchronized Readers readers() {
        if (readers == null) readers = new Readers(this);
        return readers;
    }

    public synchronized Parts parts() {
        if (parts == null) parts = make();
        return parts;
    }

    /** Closing waits for transfers, which the main thread must not. */
    void closeReaders() {
        new Thread("usb-close") {
            @Override
            public void run() {
                readers().closeAll();
            }
        }.start();
    }

    /** No page is in front any more: what a command waited for. */
    void pageRests() {
        new Thread("page-rests") {
            @Override
            public void run() {
                if (parts().commands.desk.waits()) BeatSchedule.soon(BoxApplication.this, Math.random());
            }
        }.start();
    }

    /** Ends the process where still no page is in front; the system starts it again for the next beat, or a person does. */
    public void restart() {
        new Handler(Looper.getMainLooper())
                .postDelayed(
                        new Runnable() {
                            @Override
                            public void run() {
                                if (seat.clearIfQuiet()) Process.killProcess(Process.myPid());
                                else restartLater();
                            }
                        },
                        RESTART_AFTER_MS);
    }

    private void restartLater() {
        new Thread("restart-later") {
            @Override
            public void run() {
                parts().commands.desk.notNow();
            }
        }.start();
    }

    public Updater updater() {
        return parts().updater;
    }

    private Parts make() {
        Parts made = new Parts();
        made.config = Config.of(this);
        made.version = Version.of(this);
        made.crashes = crashes;
        made.launch = new LaunchSlot();
        made.network = new Network(this);
        made.speaker = new Speaker(this);
        made.shelves = new Shelves(new File(getFilesDir(), "store"));
        made.keys = new WrappedVault(new AndroidKeyShelf(this), new DurableFile(new File(getFilesDir(), "seal.key")));
        made.clock =
                new MonotonicClock() {
                    @Override
                    public long elapsedMs() {
                        return SystemClock.elapsedRealtime();
                    }
                };
        made.memory = new FleetMemory(new DurableFile(new File(getFilesDir(), "fleet.json")), made.clock);
        addFleet(made, addServer(made));
        return made;
    }

    private void addFleet(Parts made, TerminalApi api) {
        Vitals vitals = new Vitals(made.version, readers(), made.memory, made.time, getFilesDir());
        Report report = new Report(api, vitals, made.memory, made.shelves, getFilesDir());
        made.commands = new Commands(getFilesDir(), new BoxDeeds(seat, report), api, made.memory, made.time);
        made.beats = new Beats(api, vitals, made.memory, made.commands, new Random());
    }

    private ReleaseTrust trust(Parts made) {
        DurableFile file = new DurableFile(new File(getFilesDir(), "release-trust.json"));
        return new ReleaseTrust(made.config.releaseRoot, file, made.time);
    }

    private TerminalApi addServer(Parts made) {
        Config config = made.config;
        Anchors anchors = new Anchors(config.anchors);
        HttpServer undated =
                new HttpServer(
                        config.serverUrl, config.sandbox, Tls.socketFactory(anchors, DateOf.OWN_BEGINNING));
        made.time = new TrustedTime(config.timeKey, undated, made.clock);
        HttpServer dated =
                new HttpServer(config.serverUrl, config.sandbox, Tls.socketFactory(anchors, made.time));
        made.server = new TimedServer(made.time, dated);
        TerminalApi api = new TerminalApi(config.serverUrl, made.server, made.keys, made.time, made.clock);
        made.updater =
                new Updater(
                        this,
                        new ServerOffers(api, made.server, trust(made), made.version),
                        new HttpReleaseSource(made.time, dated),
                        Workers.serial("update"));
        return api;
    }
}
