package cn.bianmin.box.store;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;

import android.system.ErrnoException;
import android.system.OsConstants;
import cn.bianmin.box.bridge.Failure;
import java.io.File;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;

@RunWith(RobolectricTestRunner.class)
public class ShelvesTest {
    @Rule public final TemporaryFolder temporary = new TemporaryFolder();

    private Shelves shelves() {
        return new Shelves(new File(temporary.getRoot(), "store"), new DurableFileTest.FailingDisk(-1));
    }

    private static String code(org.junit.function.ThrowingRunnable work) {
        return assertThrows(Failure.class, work).code;
    }

    @Test
    public void outlivesTheProcess() throws Exception {
        shelves().put("journal", "order-1", "写卡 {\"a\":1}");
        shelves().put("journal", "..", "a name like any other");
        shelves().put("settings", "order-1", "another shelf");
        assertEquals("写卡 {\"a\":1}", shelves().get("journal", "order-1"));
        assertEquals(Arrays.asList("..", "order-1"), shelves().list("journal"));
        shelves().remove("journal", "order-1");
        shelves().remove("journal", "order-1");
        assertNull(shelves().get("journal", "order-1"));
        assertEquals("another shelf", shelves().get("settings", "order-1"));
        assertEquals(Collections.singletonList(".."), shelves().list("journal"));
    }

    @Test
    public void nothingElseIsReached() {
        Shelves shelves = shelves();
        for (String name : new String[] {"", "a/b", "../x", "名", "a b", new String(new char[65]).replace('\0', 'a')}) {
            assertEquals("shell.bad-request", code(() -> shelves.get("journal", name)));
            assertEquals("shell.bad-request", code(() -> shelves.put("journal", name, "x")));
        }
        for (String shelf : new String[] {"", "..", "keys"}) {
            assertEquals("shell.bad-request", code(() -> shelves.list(shelf)));
        }
    }

    @Test
    public void aValueIsOfAtMost64Kilobytes() throws Exception {
        String most = new String(new char[65536]).replace('\0', 'x');
        shelves().put("settings", "a", most);
        assertEquals(most, shelves().get("settings", "a"));
        assertEquals("shell.bad-request", code(() -> shelves().put("settings", "a", most + "x")));
        assertEquals("shell.bad-request", code(() -> shelves().put("settings", "a", most.replace('x', '字'))));
    }

    @Test
    public void aFullDiskIsToldApartFromABrokenOne() throws Exception {
        shelves().list("journal");
        File root = new File(temporary.getRoot(), "store");
        assertEquals("shell.io", code(() -> new Shelves(root, new DurableFileTest.FailingDisk(0)).put("journal", "a", "x")));
        Disk full =
                new Disk() {
                    @Override
                    public void writeSynced(File file, byte[] bytes) throws IOException {
                        throw new IOException(new ErrnoException("write", OsConstants.ENOSPC));
                    }

                    @Override
                    public void rename(File from, File to) {}

                    @Override
                    public void delete(File file) {}

                    @Override
                    public void syncFolder(File folder) {}
                };
        assertEquals("shell.store-full", code(() -> new Shelves(root, full).put("journal", "a", "x")));
        assertNull(shelves().get("journal", "a"));
    }
}
