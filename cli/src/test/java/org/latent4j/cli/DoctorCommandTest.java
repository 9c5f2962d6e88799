package org.latent4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DoctorCommandTest {

    @Test
    void jsonSaysWhatRunsHere() throws Exception {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        assertThat(Main.run(new PrintWriter(out), new PrintWriter(err), "doctor", "--json"))
                .isZero();
        JsonNode report = JsonMapper.builder().build().readTree(out.toString());
        assertThat(report.get("canTrain").booleanValue()).isTrue();

        Map<String, JsonNode> checks = new HashMap<>();
        for (JsonNode check : report.get("checks")) {
            assertThat(check.get("state").textValue()).isIn("ok", "missing", "note");
            assertThat(check.get("detail").textValue()).isNotBlank();
            checks.put(check.get("name").textValue(), check);
        }
        assertThat(checks)
                .containsKeys("Java", "system", "processor", "memory", "disk", "pictures", "threads", "device nd4j");
        assertThat(checks.get("Java").get("detail").textValue()).contains(System.getProperty("java.version"));
        assertThat(checks.get("ND4J").get("state").textValue()).isEqualTo("ok");
        assertThat(checks.get("ND4J").get("detail").textValue()).contains("1.0.0-M2.1");
        assertThat(checks).containsKeys("NVIDIA driver", "cuBLAS", "cuDNN", "cuSOLVER", "NVRTC");
        if (!checks.get("NVIDIA driver").get("state").textValue().equals("ok")) {
            assertThat(checks.get("device cuda").get("state").textValue()).isEqualTo("note");
            assertThat(checks.get("device cuda").get("detail").textValue()).contains("driver");
            assertThat(checks.get("NVIDIA driver").get("remedy").textValue()).contains("580");
        }
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void textHasALineForEachCheck() {
        StringWriter out = new StringWriter();
        assertThat(Main.run(new PrintWriter(out), new PrintWriter(new StringWriter()), "doctor"))
                .isZero();
        assertThat(out.toString()).contains("This machine can train.");
        assertThat(out.toString().lines())
                .anyMatch(line -> line.matches("ok +Java +.*"))
                .anyMatch(line -> line.matches("ok +device cpu +DL4J graphs compiled to oneDNN"));
    }

    @Test
    void shortNumbersAreSlowOnIntelsProcessorsWithoutAmxOnly() {
        String without = "vendor_id\t: GenuineIntel\nflags\t\t: fpu avx2 avx512f avx512_bf16\n";
        assertThat(Machine.isSlowInBf16(without)).isTrue();
        assertThat(Machine.isSlowInBf16(without.replace("avx512f", "avx512f amx_bf16 amx_tile")))
                .isFalse();
        assertThat(Machine.isSlowInBf16(without.replace("GenuineIntel", "AuthenticAMD")))
                .isFalse();
        assertThat(Machine.isSlowInBf16("Hardware : something else\n")).isFalse();
    }
}
