package cn.bianmin.box.fleet;

import android.app.job.JobParameters;
import android.app.job.JobService;
import cn.bianmin.box.BoxApplication;
import cn.bianmin.box.fleet.commands.CommandDesk;

/** One beat, for which the system wakes this app: no page, no screen, some seconds. */
public final class BeatJob extends JobService {
    @Override
    public boolean onStartJob(final JobParameters job) {
        new Thread("beat") {
            @Override
            public void run() {
                BoxApplication app = BoxApplication.of(BeatJob.this);
                Beats.Next next = app.parts().beats.beat(job.getExtras().getInt(BeatSchedule.MISSED));
                CommandDesk.Left left = CommandDesk.Left.NOTHING;
                if (next.isAnswered()) left = app.parts().commands.desk.take(next.commands);
                if (left == CommandDesk.Left.WAITS) next = next.sooner();
                // Its next start answers, and is not to be waited for.
                if (left == CommandDesk.Left.RESTART) next = new Beats.Next(BeatWait.FIRST_MS, 0, false);
                // Before it is said that this one is over: a power cut in between would leave none.
                BeatSchedule.after(app, job.getJobId(), next);
                jobFinished(job, false);
                if (left == CommandDesk.Left.RESTART) app.restart();
            }
        }.start();
        return true;
    }

    /** The network went, or the next one was set: nothing to be done again at once. What was counted is kept. */
    @Override
    public boolean onStopJob(JobParameters job) {
        return false;
    }
}
