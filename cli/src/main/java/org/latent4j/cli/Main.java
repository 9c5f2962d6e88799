package org.latent4j.cli;

import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The {@code latent4j} command: parses the arguments, runs one sub-command and turns its outcome into an exit code.
 *
 * <p>Exit codes: 0 done; 1 failed; 2 wrong usage or bad input; 3 stopped by a signal after saving a checkpoint. Results go to standard
 * output, everything else to standard error. Nothing here loads ND4J: {@code --help} stays fast.
 */
@Command(
        name = "latent4j",
        description = "Trains GANs on Deeplearning4j graphs, and the unsupervised toolbox around them.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        subcommands = {
            GanCommand.class,
            ClusterCommand.class,
            ReduceCommand.class,
            DivergenceCommand.class,
            EnsembleCommand.class,
            LectureCommand.class,
            BenchCommand.class,
            DoctorCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:failed",
            "2:wrong usage or bad input",
            "3:stopped by a signal after saving a checkpoint"
        })
public final class Main implements Runnable {
    /** Read by logback.xml when the first logger is made, which is after the arguments are parsed. */
    private static final String LOG_LEVEL = "latent4j.log";

    @Spec
    private CommandSpec spec;

    private final Failures failures = new Failures(this::verbose);
    private boolean verbose;

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Say more: log messages, and stack traces of errors.")
    void setVerbose(boolean verbose) {
        this.verbose = verbose;
        if (verbose && System.getProperty(LOG_LEVEL) == null) {
            System.setProperty(LOG_LEVEL, "INFO");
        }
    }

    boolean verbose() {
        return verbose;
    }

    @Override
    public void run() {
        throw missingCommand(spec);
    }

    public static void main(String[] args) {
        Charset charset = terminalCharset();
        int exitCode = run(
                new PrintWriter(new OutputStreamWriter(System.out, charset), true),
                new PrintWriter(new OutputStreamWriter(System.err, charset), true),
                args);
        System.exit(exitCode);
    }

    /** Runs one command line in this process and returns its exit code. */
    static int run(PrintWriter out, PrintWriter err, String... args) {
        Main main = new Main();
        return main.execute(new CommandLine(main), out, err, args);
    }

    int execute(CommandLine commandLine, PrintWriter out, PrintWriter err, String... args) {
        commandLine
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler(failures)
                .setExecutionExceptionHandler(failures);
        try {
            return commandLine.execute(args);
        } catch (LinkageError | OutOfMemoryError error) {
            // picocli hands on exceptions only; these two happen to users: a missing native library, too small a heap.
            return failures.failed(err, error);
        } finally {
            out.flush();
            err.flush();
        }
    }

    /** A command that only groups others was called without one of them. */
    static ParameterException missingCommand(CommandSpec spec) {
        String name = spec.qualifiedName();
        String choices = String.join(", ", spec.subcommands().keySet());
        String wanted = choices.isEmpty() ? "this version has none yet" : "one of: " + choices;
        return new ParameterException(
                spec.commandLine(), "'" + name + "' needs a command (" + wanted + "); see " + name + " --help");
    }

    /** Where a terminal has no UTF-8, its own charset replaces what it can't show. */
    private static Charset terminalCharset() {
        String name = System.getProperty("stdout.encoding", System.getProperty("sun.stdout.encoding"));
        return name != null && Charset.isSupported(name) ? Charset.forName(name) : Charset.defaultCharset();
    }

    /** The version that the build wrote into the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"latent4j " + (version == null ? "(not packaged)" : version)};
        }
    }
}
