package org.latent4j.cli.lecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GalleryTest {
    @TempDir
    private Path out;

    private static final class Sample implements Lecture {
        @Override
        public String name() {
            return "sample";
        }

        @Override
        public String title() {
            return "A < B & \"C\"";
        }

        @Override
        public Exhibit compute(LectureRoom room) {
            BufferedImage picture = new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB);
            picture.setRGB(1, 1, 0x123456);
            return new Exhibit(
                    "Why <this> is so.",
                    List.of(new Exhibit.Figure("sample-one.png", "The figure.", picture)),
                    List.of(new Exhibit.NumberTable("Costs", List.of("k", "cost"), List.of(List.of("1", "2.5")))));
        }
    }

    @Test
    void figuresNumbersAndAPageThatHoldsThemAll() throws IOException {
        Lecture lecture = new Sample();
        Gallery gallery = new Gallery(out.resolve("figures"));
        Files.createDirectories(gallery.out());
        Gallery.Entry entry =
                new Gallery.Entry(lecture, lecture.compute(null), 1.25, "latent4j lecture sample --seed 2");
        gallery.write(entry);
        String page = Files.readString(gallery.page(List.of(entry)));

        assertThat(ImageIO.read(out.resolve("figures/sample-one.png").toFile()).getRGB(1, 1) & 0xFFFFFF)
                .isEqualTo(0x123456);
        JsonNode numbers = JsonMapper.builder().build().readTree(Files.readString(out.resolve("figures/sample.json")));
        assertThat(numbers.path("tables").path(0).path("rows").path(0).path(1).asText())
                .isEqualTo("2.5");
        assertThat(page)
                .contains("A &lt; B &amp; &quot;C&quot;", "Why &lt;this&gt; is so.", "data:image/png;base64,")
                .contains("latent4j lecture sample --seed 2", "1.3 s", "<td>2.5</td>")
                .doesNotContain("<this>", "http:", "https:", "src=\"sample");
    }

    @Test
    void everyLectureHasANameOfItsOwn() {
        List<String> names = Lectures.all().stream().map(Lecture::name).toList();
        assertThat(names)
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("[a-z][a-z0-9-]*") && !name.equals("all"));
    }
}
