package cn.bianmin.box.fleet;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import android.app.Application;
import android.app.job.JobInfo;
import android.app.job.JobScheduler;
import android.content.Context;
import android.content.Intent;
import cn.bianmin.box.launch.BootReceiver;
import java.util.List;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;

@RunWith(RobolectricTestRunner.class)
public class BeatScheduleTest {
    private final Application context = RuntimeEnvironment.getApplication();

    private List<JobInfo> pending() {
        return ((JobScheduler) context.getSystemService(Context.JOB_SCHEDULER_SERVICE)).getAllPendingJobs();
    }

    private JobInfo only() {
        assertEquals(1, pending().size());
        return pending().get(0);
    }

    @Test
    public void theBootSetsOneThatOutlivesTheNext() {
        new BootReceiver().onReceive(context, new Intent(Intent.ACTION_BOOT_COMPLETED));
        JobInfo first = only();
        assertTrue(first.isPersisted());
        assertEquals(JobInfo.NETWORK_TYPE_ANY, first.getNetworkType());
        assertEquals("cn.bianmin.box.fleet.BeatJob", first.getService().getClassName());
        assertTrue(first.getMinLatencyMillis() <= 60_000);
        BeatSchedule.after(context, 2, new Beats.Next(1_234_567, 0, false));
        new BootReceiver().onReceive(context, new Intent(Intent.ACTION_BOOT_COMPLETED));
        assertEquals(1_234_567, only().getMinLatencyMillis());
    }

    @Test
    public void aPageThatWasOpenedIsSeenSoonUnlessTheBoxWasToldToWait() {
        BeatSchedule.after(context, 2, new Beats.Next(3_600_000, 0, false));
        BeatSchedule.soon(context, 0.5);
        assertEquals(30_000, only().getMinLatencyMillis());
        BeatSchedule.after(context, 2, new Beats.Next(200_000, 0, true));
        BeatSchedule.soon(context, 0.5);
        assertEquals(200_000, only().getMinLatencyMillis());
        BeatSchedule.after(context, 2, new Beats.Next(200_000, 4, false));
        BeatSchedule.soon(context, 0.5);
        assertEquals(4, only().getExtras().getInt(BeatSchedule.MISSED));
    }

    /** The one that ends may take the next with it, where both have one number. */
    @Test
    public void theNextHasAnotherNumber() {
        BeatSchedule.soon(context, 0);
        int first = only().getId();
        ((JobScheduler) context.getSystemService(Context.JOB_SCHEDULER_SERVICE)).cancel(first);
        BeatSchedule.after(context, first, new Beats.Next(1_000, 0, false));
        int second = only().getId();
        assertTrue(first != second);
        BeatSchedule.after(context, second, new Beats.Next(1_000, 0, false));
        assertEquals(2, pending().size());
    }
}
