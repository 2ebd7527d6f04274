package cn.bianmin.box.fleet;

import android.app.job.JobParameters;
import android.app.job.JobService;
import cn.bianmin.box.BoxApplication;

/** One beat, for which the system wakes this app: no page, no screen, some seconds. */
public final class BeatJob extends JobService {
    @Override
    public boolean onStartJob(final JobParameters job) {
        new Thread("beat") {
            @Override
            public void run() {
                Beats.Next next =
                        BoxApplication.of(BeatJob.this).parts().beats.beat(job.getExtras().getInt(BeatSchedule.MISSED));
                // Before it is said that this one is over: a power cut in between would leave none.
                BeatSchedule.after(BeatJob.this, job.getJobId(), next);
                jobFinished(job, false);
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
