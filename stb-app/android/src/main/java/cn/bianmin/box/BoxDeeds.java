package cn.bianmin.box;

import android.os.Handler;
import android.os.Looper;
import cn.bianmin.box.bridge.Failure;
import cn.bianmin.box.fleet.Refused;
import cn.bianmin.box.fleet.Report;
import cn.bianmin.box.fleet.commands.Deeds;

/** What commands do to this app. */
final class BoxDeeds implements Deeds {
    private final Seat seat;
    private final Report report;
    private final Handler mainThread = new Handler(Looper.getMainLooper());

    BoxDeeds(Seat seat, Report report) {
        this.seat = seat;
        this.report = report;
    }

    @Override
    public boolean isQuiet() {
        return seat.isQuiet();
    }

    @Override
    public void dropPage() {
        mainThread.post(
                new Runnable() {
                    @Override
                    public void run() {
                        seat.clearIfQuiet();
                    }
                });
    }

    @Override
    public String report() throws Failure, Refused {
        return report.send(seat.screen());
    }
}
