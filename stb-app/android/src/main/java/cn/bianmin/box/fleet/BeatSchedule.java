package cn.bianmin.box.fleet;

import android.app.job.JobInfo;
import android.app.job.JobScheduler;
import android.content.ComponentName;
import android.content.Context;
import android.os.PersistableBundle;

/**
 * When the system wakes this app for its next beat. It keeps that over restarts of the process and of the box, so that nothing of
 * ours runs meanwhile.
 */
public final class BeatSchedule {
    /** In turns: a job that ends may take the next one with it where both have one number. */
    private static final int FIRST_JOB = 1;
    private static final int SECOND_JOB = 2;
    static final String MISSED = "missed";
    private static final String TOLD = "told";

    private BeatSchedule() {}

    /** A page was opened: who looks at this box from afar sees it as it is now. A box told to wait, waits. */
    public static void soon(Context context, double random) {
        JobInfo pending = pending(context);
        if (pending != null && waits(pending.getExtras())) return;
        int job = pending == null ? FIRST_JOB : pending.getId();
        set(context, job, new Beats.Next(BeatWait.soon(random), 0, false));
    }

    /** The box was switched on, or this app replaced. */
    public static void ensure(Context context, double random) {
        if (pending(context) == null) soon(context, random);
    }

    /** `job`: the one that ends. */
    static void after(Context context, int job, Beats.Next next) {
        set(context, job == FIRST_JOB ? SECOND_JOB : FIRST_JOB, next);
    }

    private static void set(Context context, int number, Beats.Next next) {
        PersistableBundle extras = new PersistableBundle();
        extras.putInt(MISSED, next.missed);
        extras.putInt(TOLD, next.told ? 1 : 0);
        JobInfo job =
                new JobInfo.Builder(number, new ComponentName(context, BeatJob.class))
                        .setMinimumLatency(next.waitMs)
                        .setRequiredNetworkType(JobInfo.NETWORK_TYPE_ANY)
                        .setPersisted(true)
                        .setExtras(extras)
                        .build();
        scheduler(context).schedule(job);
    }

    private static boolean waits(PersistableBundle extras) {
        return extras.getInt(MISSED) > 0 || extras.getInt(TOLD) > 0;
    }

    /** Null where there is none. */
    private static JobInfo pending(Context context) {
        for (JobInfo job : scheduler(context).getAllPendingJobs()) {
            if (job.getId() == FIRST_JOB || job.getId() == SECOND_JOB) return job;
        }
        return null;
    }

    private static JobScheduler scheduler(Context context) {
        return (JobScheduler) context.getSystemService(Context.JOB_SCHEDULER_SERVICE);
    }
}
