package org.latent4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.latent4j.compute.ComputeException;
import org.latent4j.data.DataException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    /** Fails or ends as it is told. */
    @Command(name = "act")
    private record Act(Callable<Integer> action) implements Callable<Integer> {
        @Override
        public Integer call() throws Exception {
            return action.call();
        }
    }

    private enum Loss {
        MINIMAX,
        HINGE
    }

    @Command(name = "number")
    private static final class TakesNumber implements Runnable {
        @Option(names = "--steps", required = true)
        private int steps;

        @Option(names = "--loss")
        private Loss loss;

        @Spec
        private CommandSpec spec;

        @Override
        public void run() {
            throw new ParameterException(spec.commandLine(), "--steps must be at least 1, but is " + steps);
        }
    }

    @Test
    void helpAndVersionGoToStandardOutput() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("Usage: latent4j", "gan", "doctor", "--verbose", "Exit codes:");
        assertThat(run("gan", "--help")).isZero();
        assertThat(out.toString()).contains("Usage: latent4j gan");
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).contains("latent4j ");
        assertThat(err.toString()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            doctr            | unknown command 'doctr'; did you mean doctor?
            doctor --jsno    | Unknown option: '--jsno'; did you mean --json?
            doctor --zzzzz   | Unknown option: '--zzzzz'; see latent4j doctor --help
            --hlep           | Unknown option: '--hlep'; did you mean --help?
            gan              | 'latent4j gan' needs a command
            doctor extra     | Unmatched argument at index 1: 'extra'
            """)
    void wrongUsageIsOneLineAndExitCode2(String line, String message) {
        assertThat(run(line.split(" "))).isEqualTo(2);
        assertThat(err.toString()).startsWith("latent4j: ").contains(message);
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void noCommandAtAllIsWrongUsage() {
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString()).contains("one of: gan,", "doctor");
    }

    @Test
    void valuesOfTheWrongTypeAreWrongUsage() {
        assertThat(run(new TakesNumber(), "number", "--steps", "ten")).isEqualTo(2);
        assertThat(err.toString()).contains("'ten' is not an int").contains("--steps");
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(run(new TakesNumber(), "number", "--steps", "1", "--loss", "minmax"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("expected one of [MINIMAX, HINGE]", "; did you mean MINIMAX?");
        assertThat(run(new TakesNumber(), "number")).isEqualTo(2);
        assertThat(err.toString()).contains("Missing required option");
    }

    @Test
    void badInputIsExitCode2WithItsMessageOnly() {
        assertThat(act(() -> {
                    throw new DataException("two things:\n- first\n- second");
                }))
                .isEqualTo(2);
        assertThat(act(() -> {
                    throw new ComputeException("no device gpu");
                }))
                .isEqualTo(2);
        assertThat(run(new TakesNumber(), "number", "--steps", "0")).isEqualTo(2);
        assertThat(err.toString().lines())
                .containsExactly(
                        "latent4j: two things:",
                        "- first",
                        "- second",
                        "latent4j: no device gpu",
                        "latent4j: --steps must be at least 1, but is 0");
    }

    @Test
    void failuresAreExitCode1AndShowTheirTraceOnlyWhenAsked() {
        assertThat(act(() -> {
                    throw new IOException("disk full");
                }))
                .isEqualTo(1);
        assertThat(act(() -> {
                    throw new NoClassDefFoundError("org/nd4j/Missing");
                }))
                .isEqualTo(1);
        assertThat(err.toString().lines())
                .containsExactly(
                        "latent4j: failed: IOException: disk full (--verbose shows where)",
                        "latent4j: failed: NoClassDefFoundError: org/nd4j/Missing (--verbose shows where)");

        assertThat(act("--verbose", () -> {
                    throw new IOException("again");
                }))
                .isEqualTo(1);
        assertThat(err.toString()).contains("failed: IOException: again\n", "at org.latent4j.cli.MainTest");
    }

    @Test
    void exitCodesOfCommandsAreHandedOn() {
        assertThat(act(() -> 3)).isEqualTo(3);
        assertThat(act(() -> 0)).isZero();
        assertThat(err.toString()).isEmpty();
    }

    private int act(Callable<Integer> action) {
        return run(new Act(action), "act");
    }

    private int act(String option, Callable<Integer> action) {
        return run(new Act(action), "act", option);
    }

    private int run(String... args) {
        return Main.run(new PrintWriter(out), new PrintWriter(err), args);
    }

    private int run(Object command, String... args) {
        Main main = new Main();
        CommandLine commandLine = new CommandLine(main).addSubcommand(command);
        return main.execute(commandLine, new PrintWriter(out), new PrintWriter(err), args);
    }
}
