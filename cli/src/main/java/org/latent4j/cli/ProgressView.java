package org.latent4j.cli;

import java.io.PrintWriter;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.latent4j.data.Progress;

/** Shows how far long work is: a bar on a terminal, a plain line now and then elsewhere. Everything goes to standard error. */
final class ProgressView implements Progress, AutoCloseable {
    private static final long LINE_NANOS = 10_000_000_000L;

    private final PrintWriter err;
    private final boolean terminal;
    private ProgressBar bar;
    private String task = "";
    private long shownAt = System.nanoTime();

    ProgressView(PrintWriter err) {
        this.err = err;
        this.terminal =
                System.console() != null && System.getenv("TERM") != null && !"dumb".equals(System.getenv("TERM"));
    }

    @Override
    public void report(String newTask, long done, long total) {
        if (!newTask.equals(task)) {
            end();
            task = newTask;
            if (terminal) {
                bar = new ProgressBarBuilder()
                        .setTaskName(newTask)
                        .setInitialMax(total)
                        .setStyle(ProgressBarStyle.ASCII)
                        .setUpdateIntervalMillis(250)
                        .continuousUpdate()
                        .build();
            }
        }
        if (bar != null) {
            bar.maxHint(total);
            bar.stepTo(done);
        } else if (System.nanoTime() - shownAt > LINE_NANOS) {
            line(String.format(Locale.ROOT, "%s: %,d of %,d", newTask, done, total));
        }
    }

    /** News of the work: behind the bar, or as a line if the last one was a while ago. */
    void figures(String text) {
        if (bar != null) {
            bar.setExtraMessage(" " + text);
        } else if (System.nanoTime() - shownAt > LINE_NANOS) {
            line(text);
        }
    }

    /** What must not be missed: a line at once, whether there is a bar or not. */
    void say(String text) {
        end();
        line(text);
    }

    private void line(String text) {
        err.println(text);
        err.flush();
        shownAt = System.nanoTime();
    }

    /** Ends the bar, so that other lines can follow. */
    void end() {
        task = "";
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }

    @Override
    public void close() {
        end();
    }
}
