package org.latent4j.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.latent4j.compute.ComputeException;
import org.latent4j.data.DataException;
import org.latent4j.data.Suggest;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Tells a person what went wrong and chooses the exit code: 2 for what they can mend in the command or its input, 1 for the rest. */
record Failures(BooleanSupplier verbose) implements IParameterExceptionHandler, IExecutionExceptionHandler {

    @Override
    public int handleParseException(ParameterException exception, String[] args) {
        return usage(exception.getCommandLine().getErr(), exception);
    }

    @Override
    public int handleExecutionException(Exception exception, CommandLine commandLine, ParseResult parsed) {
        PrintWriter err = commandLine.getErr();
        if (exception instanceof ParameterException wrongUsage) {
            return usage(err, wrongUsage);
        }
        if (exception instanceof DataException || exception instanceof ComputeException) {
            print(err, exception.getMessage(), exception);
            return ExitCode.USAGE;
        }
        return failed(err, exception);
    }

    int failed(PrintWriter err, Throwable failure) {
        String hint = verbose.getAsBoolean() ? "" : " (--verbose shows where)";
        String message = failure.getMessage();
        print(
                err,
                "failed: " + failure.getClass().getSimpleName() + (message == null ? "" : ": " + message) + hint,
                failure);
        return ExitCode.SOFTWARE;
    }

    private int usage(PrintWriter err, ParameterException exception) {
        String message = exception.getMessage();
        if (exception instanceof UnmatchedArgumentException unmatched) {
            message = unmatched(unmatched);
        } else if (exception.getArgSpec() != null && exception.getValue() != null) {
            List<String> valid = new ArrayList<>();
            Iterable<String> candidates = exception.getArgSpec().completionCandidates();
            if (candidates != null) {
                candidates.forEach(valid::add);
            }
            message += Suggest.likely(exception.getValue(), valid)
                    .map(nearest -> "; did you mean " + nearest + "?")
                    .orElse("");
        }
        print(err, message, exception);
        return ExitCode.USAGE;
    }

    private static String unmatched(UnmatchedArgumentException exception) {
        CommandLine called = exception.getCommandLine();
        String word = exception.getUnmatched().get(0);
        String message = exception.getMessage();
        Collection<String> known = called.getCommandSpec().optionsMap().keySet();
        if (!exception.isUnknownOption() && !called.getSubcommands().isEmpty()) {
            message = "unknown command '" + word + "'";
            known = called.getSubcommands().keySet();
        }
        // Ours first, which knows swapped letters; picocli's own goes by common pieces, which finds --data for
        // --database.
        List<String> meant = Suggest.likely(word, known).map(List::of).orElseGet(exception::getSuggestions);
        return message
                + (meant.isEmpty()
                        ? "; see " + called.getCommandSpec().qualifiedName() + " --help"
                        : "; did you mean " + String.join(" or ", meant) + "?");
    }

    private void print(PrintWriter err, String message, Throwable failure) {
        err.println("latent4j: " + message);
        if (verbose.getAsBoolean()) {
            failure.printStackTrace(err);
        }
        err.flush();
    }
}
