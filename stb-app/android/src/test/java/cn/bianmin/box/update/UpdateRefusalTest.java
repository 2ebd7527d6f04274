package cn.bianmin.box.update;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import cn.bianmin.box.keys.Sha256;
import java.nio.file.Files;
import java.security.KeyPair;
import org.junit.Test;

/** A package that is not what was promised is never installed. */
public class UpdateRefusalTest extends UpdaterRig {
    private void isNeverInstalled() throws Exception {
        assertEquals("available 0.7.0", step());
        assertEquals("none", step().split(" ")[0]);
        assertEquals("none", step().split(" ")[0]);
        assertEquals(0, installed.size());
        // Nor downloaded over and over.
        assertEquals(1, asked.size());
        assertEquals(0, file(".part").length());
    }

    @Test
    public void whatOnePersonSignedAloneIsNotEvenDownloadedAndTheServerIsTold() throws Exception {
        vault.made = true;
        by = new KeyPair[] {signers.pairs.get(2)};
        assertEquals("none", step().split(" ")[0]);
        assertEquals(0, asked.size());
        String last = said.get(said.size() - 1);
        assertTrue(last, last.endsWith("{\"version\":\"0.7.0\",\"is\":\"failed\",\"code\":\"update.unsigned\"}}"));
    }

    @Test
    public void theManifestOfAnotherReleaseThanIsOfferedIsNotTaken() throws Exception {
        vault.made = true;
        version = "0.8.0";
        assertEquals("none", step().split(" ")[0]);
        assertEquals(0, asked.size());
        assertTrue(said.get(said.size() - 1).contains("update.unsigned"));
    }

    @Test
    public void aBoxThatCannotSayWhoItIsTakesNothingOfOnePersonEither() throws Exception {
        by = new KeyPair[] {signers.pairs.get(0)};
        assertEquals("none", step().split(" ")[0]);
        assertEquals(0, asked.size());
    }

    @Test
    public void otherBytesThanPromisedAreNotInstalled() throws Exception {
        served = APK.clone();
        served[3] ^= 1;
        isNeverInstalled();
    }

    @Test
    public void anothersSignatureIsNotInstalled() throws Exception {
        promise(context.getPackageName(), 7, ANOTHERS);
        signer = Sha256.of(ANOTHERS.toByteArray());
        isNeverInstalled();
    }

    @Test
    public void aSignerThatWasNotPromisedIsNotInstalled() throws Exception {
        signer = Sha256.of(ANOTHERS.toByteArray());
        isNeverInstalled();
    }

    @Test
    public void twoSignersAnotherPackageAndAnotherVersionAreNotInstalled() throws Exception {
        promise(context.getPackageName(), 7, OURS, ANOTHERS);
        isNeverInstalled();
        updater = newUpdater();
        asked.clear();
        promise("com.example.other", 7, OURS);
        isNeverInstalled();
        updater = newUpdater();
        asked.clear();
        promise(context.getPackageName(), 8, OURS);
        isNeverInstalled();
    }

    @Test
    public void whatWasChangedAfterTheDownloadIsNotInstalled() throws Exception {
        step();
        Files.write(file(".apk").toPath(), "something of the same length, or not".getBytes());
        assertEquals("none", step().split(" ")[0]);
        assertEquals(0, installed.size());
    }
}
