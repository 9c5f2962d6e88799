package org.latent4j.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows what runs here, what is missing, and how to get it. Exit code 0 when this machine can train, else 1. */
@Command(
        name = "doctor",
        description = "Shows what runs here, what is missing, and how to get it.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:this machine can train", "1:it can't"})
final class DoctorCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() throws JsonProcessingException {
        List<Check> checks = new ArrayList<>(Machine.checks());
        Nd4jProbe nd4j = Nd4jProbe.run();
        checks.addAll(nd4j.checks());
        checks.addAll(CudaChecks.run());
        checks.addAll(Machine.building());
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(toJson(checks, nd4j.works()));
        } else {
            print(out, checks, nd4j.works());
        }
        return nd4j.works() ? 0 : 1;
    }

    private static void print(PrintWriter out, List<Check> checks, boolean canTrain) {
        int width =
                checks.stream().mapToInt(check -> check.name().length()).max().orElse(0);
        for (Check check : checks) {
            String colour =
                    switch (check.state()) {
                        case OK -> "green";
                        case MISSING -> "bold,red";
                        case NOTE -> "yellow";
                    };
            String mark = Ansi.AUTO.string(
                    "@|" + colour + " " + String.format("%-7s", check.state().mark()) + "|@");
            out.println(mark + "  " + pad(check.name(), width) + "  " + check.detail());
            if (!check.remedy().isEmpty()) {
                out.println(pad("", 7) + "  " + pad("", width) + "  -> " + check.remedy());
            }
        }
        out.println();
        out.println(canTrain ? "This machine can train." : "This machine can't train yet: mend what is missing above.");
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(width - text.length());
    }

    private static String toJson(List<Check> checks, boolean canTrain) throws JsonProcessingException {
        JsonMapper mapper = JsonMapper.builder().build();
        ObjectNode root = mapper.createObjectNode().put("canTrain", canTrain);
        for (Check check : checks) {
            ObjectNode entry = root.withArray("checks")
                    .addObject()
                    .put("name", check.name())
                    .put("state", check.state().mark())
                    .put("detail", check.detail());
            if (!check.remedy().isEmpty()) {
                entry.put("remedy", check.remedy());
            }
        }
        return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(root);
    }
}
