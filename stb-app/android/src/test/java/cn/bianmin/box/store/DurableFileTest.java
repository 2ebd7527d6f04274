package cn.bianmin.box.store;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Needs nothing of Android. */
public class DurableFileTest {
    @Rule public final TemporaryFolder temporary = new TemporaryFolder();

    /** Ends the power at the given step, in the middle of it. */
    static final class FailingDisk implements Disk {
        private final int failAt;
        final List<String> steps = new ArrayList<>();

        FailingDisk(int failAt) {
            this.failAt = failAt;
        }

        private boolean fails(String step) {
            steps.add(step);
            return steps.size() - 1 == failAt;
        }

        @Override
        public void writeSynced(File file, byte[] bytes) throws IOException {
            boolean fails = fails("write");
            Files.write(file.toPath(), fails ? Arrays.copyOf(bytes, bytes.length / 2) : bytes);
            if (fails) throw new IOException("power");
        }

        @Override
        public void rename(File from, File to) throws IOException {
            if (fails("rename")) throw new IOException("power");
            Files.move(from.toPath(), to.toPath(), StandardCopyOption.REPLACE_EXISTING);
        }

        @Override
        public void delete(File file) throws IOException {
            if (fails("delete")) throw new IOException("power");
            Files.delete(file.toPath());
        }

        @Override
        public void syncFolder(File folder) throws IOException {
            if (fails("sync")) throw new IOException("power");
        }
    }

    private File file() {
        return new File(temporary.getRoot(), "value");
    }

    private String read() throws IOException {
        byte[] bytes = new DurableFile(file(), new FailingDisk(-1)).read();
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    public void whatIsWrittenIsRead() throws Exception {
        FailingDisk disk = new FailingDisk(-1);
        DurableFile file = new DurableFile(file(), disk);
        assertNull(file.read());
        file.write(bytes("one"));
        assertEquals("one", read());
        file.remove();
        assertNull(read());
        assertEquals(Arrays.asList("write", "rename", "sync", "delete", "sync"), disk.steps);
    }

    @Test
    public void aPowerCutAtAnyStepLeavesTheOldOrTheNew() throws Exception {
        for (int step = 0; step < 3; step++) {
            new DurableFile(file(), new FailingDisk(-1)).write(bytes("the old value"));
            boolean failed = false;
            try {
                new DurableFile(file(), new FailingDisk(step)).write(bytes("the new value"));
            } catch (IOException e) {
                failed = true;
            }
            assertTrue(failed);
            // No caller was told that it is written, so that either is right; after the rename it is the new one.
            assertEquals(step < 2 ? "the old value" : "the new value", read());
            new DurableFile(file(), new FailingDisk(-1)).write(bytes("later"));
            assertEquals("later", read());
        }
    }
}
