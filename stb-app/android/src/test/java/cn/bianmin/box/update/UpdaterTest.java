package cn.bianmin.box.update;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import org.junit.Test;

/** From what is offered to what is installed, whatever breaks between. */
public class UpdaterTest extends UpdaterRig {
    @Test
    public void downloadsThenInstalls() throws Exception {
        assertEquals("available 0.7.0", step());
        assertEquals(0, installed.size());
        assertEquals("installing 0.7.0", step());
        assertEquals(1, installed.size());
        assertArrayEquals(APK, Files.readAllBytes(installed.get(0).toPath()));
    }

    @Test
    public void goesOnWhereTheConnectionEnded() throws Exception {
        breaksAfter = 10;
        assertEquals("available 0.7.0", step());
        assertEquals("available 0.7.0", step());
        // Another process after a power cut.
        updater = newUpdater();
        breaksAfter = Integer.MAX_VALUE;
        assertEquals("available 0.7.0", step());
        assertEquals(Arrays.asList(0L, 10L, 20L), asked);
        assertEquals("installing 0.7.0", step());
    }

    @Test
    public void beginsAnewWhereTheServerGivesNoParts() throws Exception {
        breaksAfter = 10;
        step();
        ranges = false;
        breaksAfter = Integer.MAX_VALUE;
        assertEquals("available 0.7.0", step());
        assertEquals("installing 0.7.0", step());
    }

    @Test
    public void whatLedToTheRunningVersionIsClearedAway() throws IOException {
        File folder = new File(context.getFilesDir(), "update");
        folder.mkdirs();
        for (String name : new String[] {"6-aa.apk", "5-bb.part", "odd", "7-cc.part"}) {
            Files.write(new File(folder, name).toPath(), APK);
        }
        updater.clearInstalled();
        assertArrayEquals(new String[] {"7-cc.part"}, folder.list());
    }
}
