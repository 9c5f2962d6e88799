package org.latent4j.compute.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesSweepTest {
    @TempDir
    Path folder;

    @Test
    void onlyWhatNoLivingProcessWritesIsRemoved() throws IOException {
        long ours = ProcessHandle.current().pid();
        Path writing = Files.createDirectory(AtomicFiles.temporary(folder.resolve("store")));
        Path ofFormerProcess = Files.createFile(folder.resolve(".tmp-" + ours + "-old"));
        Files.setLastModifiedTime(ofFormerProcess, FileTime.fromMillis(0)); // before the process that has the id now
        Path ofDead = Files.createDirectory(folder.resolve(".tmp-99999999999-dead"));
        Files.createFile(ofDead.resolve("content"));
        Path other = Files.createFile(folder.resolve(".tmp-notes"));
        AtomicFiles.sweep(folder);
        assertThat(writing).exists();
        assertThat(ofFormerProcess).doesNotExist();
        assertThat(ofDead).doesNotExist();
        assertThat(other).exists();
    }
}
