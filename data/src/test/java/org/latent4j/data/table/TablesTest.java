package org.latent4j.data.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latent4j.data.DataException;
import org.latent4j.data.npy.Npy;
import org.latent4j.data.table.TableOptions.Header;

class TablesTest {
    private static final TableOptions DEFAULTS = TableOptions.defaults();

    @TempDir
    Path folder;

    @Test
    void headersAreFoundByThemselves() throws IOException {
        Table named = read("\uFEFFwidth, \"length, cm\",größe\r\n1,2.5,-3e2\r\n\r\n4,.5,+6\r\n", DEFAULTS);
        assertThat(named.features().columns()).containsExactly("width", "length, cm", "größe");
        assertThat(named.features().values()).containsExactly(1, 2.5f, -300, 4, 0.5f, 6);
        assertThat(named.features().name()).isEqualTo("my #1 table.csv");
        assertThat(named.target()).isEmpty();
        Table plain = read("1;2\n3;4", DEFAULTS.withDelimiter(';'));
        assertThat(plain.features().columns()).containsExactly("column 1", "column 2");
        assertThat(plain.features().size()).isEqualTo(2);
        assertThat(read("1990,1991\n3,4\n", DEFAULTS.withHeader(Header.YES))
                        .features()
                        .columns())
                .containsExactly("1990", "1991");
    }

    @Test
    void columnsThatFloatsCannotTellApartAreRefused() throws IOException {
        NumberTable far = readNumbers("time,x\n1700000000,1\n1700000050,2\n1700000020,3\n", DEFAULTS);
        assertThatThrownBy(far::floats)
                .isInstanceOf(DataException.class)
                .hasMessageContaining("'time' (around 1.70000e+09, standard deviation 20.5)")
                .hasMessageContaining("subtract a constant")
                .hasMessageNotContaining("'x'");
        NumberTable near = readNumbers("time,x\n1700000000,1\n1700100000,2\n", DEFAULTS);
        assertThat(near.floats()).containsExactly(1.7e9f, 1, 1.7001e9f, 2);
        NumberTable constant = readNumbers("a,b\n0.3,1\n0.30000000000000004,2\n", DEFAULTS);
        assertThat(constant.floats()).containsExactly(0.3f, 1, 0.3f, 2);
        NumberTable gaps = readNumbers("a,b\n0.5,\n0.25,2\n", DEFAULTS.withMissing(true));
        assertThat(gaps.floats()).containsExactly(0.5f, Float.NaN, 0.25f, 2);
        assertThatThrownBy(() -> read("t\n1e9\n1000000001\n", DEFAULTS)).hasMessageContaining("'t'");
    }

    @Test
    void categoriesAreNumberedByTheirSortedNames() throws IOException {
        NumberTable text = readNumbers(
                "size,colour,grade\n1,red,10\n2,blue,9\n3,,10\n4,red,-1\n",
                DEFAULTS.withMissing(true).withCategorical(List.of("colour", "3")));
        assertThat(text.categories()).containsExactly(List.of(), List.of("blue", "red"), List.of("-1", "9", "10"));
        assertThat(text.values()).containsExactly(1, 1, 2, 2, 0, 1, 3, Double.NaN, 2, 4, 1, 0);
        assertThatThrownBy(() -> readNumbers("a,b\n1,\n2,x\n", DEFAULTS.withCategorical(List.of("b"))))
                .hasMessageContaining("line 2, column 'b' is missing");
        assertThatThrownBy(() -> readNumbers("a,b\n1,x\n", DEFAULTS.withCategorical(List.of("c"))))
                .hasMessageContaining("no column 'c' for --categorical");
        assertThatThrownBy(
                        () -> readNumbers("a,b\n1,x\n", DEFAULTS.withTarget("b").withCategorical(List.of("b"))))
                .hasMessageContaining("column 'b' is the target");
    }

    @Test
    void textWithGapsIsOneProblem() throws IOException {
        TableOptions gaps = DEFAULTS.withMissing(true);
        assertThatThrownBy(() -> readNumbers("a,b\n1,\n2,red\n,nan\n4,blue\n", gaps))
                .hasMessageContaining("column 'b' holds text in all 4 rows")
                .hasMessageContaining("--categorical 'b'");
        assertThatThrownBy(() -> readNumbers("a,b\n1,\n2,red\n,\n4,5\n", gaps))
                .hasMessageContaining("line 3, column 'b': 'red' is not a number");
        assertThat(readNumbers("a,b\n1,\n2,\n", gaps).values()).containsExactly(1, Double.NaN, 2, Double.NaN);
        assertThat(readNumbers("a,b\n1,\n2,7\n", gaps).values()).containsExactly(1, Double.NaN, 2, 7);
    }

    private NumberTable readNumbers(String csv, TableOptions options) throws IOException {
        Path file = folder.resolve("t.csv");
        Files.writeString(file, csv);
        return Tables.readNumbers(file, options);
    }

    @Test
    void targetsAreNumbersOrClasses() throws IOException {
        String csv = "a,price,kind\n1,2,cat\n3,4.5,ant\n5,6,cat\n";
        Table byName = read(csv.replace(",kind", "").replaceAll(",(cat|ant)", ""), DEFAULTS.withTarget("price"));
        assertThat(byName.features().columns()).containsExactly("a");
        assertThat(byName.target()).get().isInstanceOfSatisfying(Table.Values.class, values -> {
            assertThat(values.column()).isEqualTo("price");
            assertThat(values.values()).containsExactly(2, 4.5, 6);
        });
        Table byNumber = read(csv, DEFAULTS.withTarget("3"));
        assertThat(byNumber.features().values()).containsExactly(1, 2, 3, 4.5f, 5, 6);
        assertThat(byNumber.target()).get().isInstanceOfSatisfying(Table.Classes.class, classes -> {
            assertThat(classes.names()).containsExactly("ant", "cat");
            assertThat(classes.labels()).containsExactly(1, 0, 1);
        });
        assertThat(read("5.1,setosa\n6,virginica\n", DEFAULTS.withTarget("2")).target())
                .get()
                .isInstanceOf(Table.Classes.class);
    }

    @Test
    void allProblemsAreToldWithLineAndColumn() {
        refused(
                "a,b\n1,x\n2\n\n3,\nNaN,4\n1,-inf\n1,2,3\n1e39,0x10\n",
                DEFAULTS,
                "8 problems",
                "line 2, column 'b': 'x' is not a number",
                "line 3: 1 cell instead of 2",
                "line 5, column 'b' is missing",
                "line 6, column 'a': NaN is not a finite number",
                "line 7, column 'b': -inf is not a finite number",
                "line 8: 3 cells instead of 2",
                "line 9, column 'a': 1e39 is not a finite number",
                "line 9, column 'b': '0x10' is not a number");
        refused("a\n" + "x\n".repeat(1), DEFAULTS, "line 2, column 'a': 'x'");
        refused("a,b\n" + ",x\n1,2\n".repeat(45), DEFAULTS, "90 problems", "line 10,", "and 80 more");
        refused("1,\"2\n3,4\n", DEFAULTS, "line 1");
        refused("1,2d\n", DEFAULTS, "line 1, column 'column 2': '2d'");
    }

    @Test
    void columnsAreLeftOut() throws IOException {
        String csv = "id,a,b,kind\nx1,1,2,cat\nx2,3,4,ant\n";
        TableOptions options = DEFAULTS.withTarget("kind").withIgnored(List.of("id", "3"));
        assertThat(read(csv, options).features().columns()).containsExactly("a");
        assertThat(read(csv, options).features().values()).containsExactly(1, 3);
        refused(
                csv,
                DEFAULTS.withTarget("kind"),
                "column 'id' holds text in all 2 rows",
                "line 2",
                "'x1'",
                "--ignore 'id'");
        refused(csv, options.withIgnored(List.of("none")), "no column 'none' for --ignore");
        refused(csv, options.withIgnored(List.of("id", "kind")), "'kind' is the target and to be ignored");
        refused(csv, options.withIgnored(List.of("1", "2", "3")), "no features are left");
        refused("a,b\n1,x\n2,y\n3,4\n", DEFAULTS, "2 problems", "line 2, column 'b': 'x'");
        Path file = folder.resolve("x.npy");
        Npy.write(file, new double[] {1, 2, 3, 4, 5, 6}, 2, 3);
        assertThat(Tables.read(file, DEFAULTS.withTarget("1").withIgnored(List.of("2")))
                        .features()
                        .values())
                .containsExactly(3, 6);
    }

    @Test
    void missingValuesAreReadWhereTheyAreWanted() throws IOException {
        String csv = "a,b,kind\n1,,cat\nNaN,4,ant\n";
        refused(csv, DEFAULTS.withTarget("kind"), "line 2, column 'b' is missing", "line 3, column 'a': NaN");
        TableOptions missing = DEFAULTS.withTarget("kind").withMissing(true);
        Path file = Files.writeString(folder.resolve("missing.csv"), csv);
        assertThat(Tables.readNumbers(file, missing).values()).containsExactly(1, Double.NaN, Double.NaN, 4);
        refused(csv, missing, "column b: NaN");
        refused("a,y\n1,\n2,3\n", DEFAULTS.withTarget("y").withMissing(true), "line 2, column 'y' is missing");
    }

    @Test
    void anotherDelimiterThanTheGivenOneIsNamed() throws IOException {
        refused("a;b;kind\n1;2;cat\n", DEFAULTS, "has no ',' in line 1, but ';'", "--delimiter ';'");
        refused("a;b;kind\n1;2;cat\n", DEFAULTS.withTarget("kind"), "--delimiter ';'");
        refused("1\t2\n3\t4\n", DEFAULTS, "--delimiter tab");
        refused("1,2\n3,4\n", TableOptions.parse("x.tsv", null, null, null, null), "no tab", "--delimiter ','");
        assertThat(readNumbers("length; mm\n1\n2\n", DEFAULTS).values()).containsExactly(1, 2);
    }

    @Test
    void optionsAsPeopleWriteThem() {
        assertThat(TableOptions.parse("x.TSV", null, null, null, null).delimiter())
                .isEqualTo('\t');
        assertThat(TableOptions.parse("x.tsv", "yes", ";", "y", "a,2"))
                .isEqualTo(new TableOptions(Header.YES, ';', Optional.of("y"), List.of("a", "2"), false, List.of()));
        assertThatThrownBy(() -> TableOptions.parse("x", null, "ab", null, null))
                .hasMessageContaining("one character");
        assertThatThrownBy(() -> TableOptions.parse("x", "perhaps", null, null, null))
                .hasMessageContaining("perhaps");
        assertThatThrownBy(() -> TableOptions.parse("x", null, null, null, "a,,b"))
                .hasMessageContaining("blank");
    }

    @Test
    void emptyFilesAndWrongTargetsAreRefused() {
        refused("", DEFAULTS, "is empty");
        refused("\n\n", DEFAULTS, "is empty");
        refused("a,b\n", DEFAULTS, "no rows");
        refused("a,b\n1,2\n", DEFAULTS.withTarget("c"), "no column 'c'", "[a, b]", "1 to 2");
        refused("a,b\n1,2\n", DEFAULTS.withTarget("0"), "no column '0'");
        refused("a,a\n1,2\n", DEFAULTS.withTarget("a"), "several columns");
        refused("a\n1\n", DEFAULTS.withTarget("a"), "no features");
        refused(
                "a,b\n1,x\n2,3\n4,\n",
                DEFAULTS.withTarget("b"),
                "2 problems",
                "line 3, column 'b': 3 is a number",
                "line 4, column 'b' is missing");
        refused("a,b\n1,2\n2,y\n", DEFAULTS.withTarget("b"), "line 3, column 'b': 'y' is not a number");
        assertThatThrownBy(() -> Tables.read(folder.resolve("none.csv"), DEFAULTS))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("none.csv is not there");
        assertThatThrownBy(() -> DEFAULTS.withDelimiter('.')).isInstanceOf(DataException.class);
    }

    @Test
    void npyTables() throws IOException {
        Path file = folder.resolve("x.npy");
        Npy.write(file, new double[] {1, 2, 3, 4, 5, 6}, 2, 3);
        Table table = Tables.read(file, DEFAULTS.withTarget("2"));
        assertThat(table.features().columns()).containsExactly("column 1", "column 3");
        assertThat(table.features().values()).containsExactly(1, 3, 4, 6);
        assertThat(table.target()).get().isInstanceOfSatisfying(Table.Values.class, values -> assertThat(
                        values.values())
                .containsExactly(2, 5));
        Npy.write(file, new float[] {7, 8}, 2);
        assertThat(Tables.read(file, DEFAULTS).features().size()).isEqualTo(2);
        Npy.write(file, new float[] {7, Float.NaN, Float.NEGATIVE_INFINITY, 1}, 2, 2);
        assertThatThrownBy(() -> Tables.read(file, DEFAULTS))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll("row 1, column 2: NaN", "row 2, column 1: -Infinity");
        Npy.write(file, new float[8], 2, 2, 2);
        assertThatThrownBy(() -> Tables.read(file, DEFAULTS)).hasMessageContainingAll("[2, 2, 2]", "(n, p)");
        Npy.write(file, new float[0], 0, 2);
        assertThatThrownBy(() -> Tables.read(file, DEFAULTS))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("no numbers");
    }

    private Table read(String csv, TableOptions options) throws IOException {
        return Tables.read(Files.writeString(folder.resolve("my #1 table.csv"), csv), options);
    }

    private void refused(String csv, TableOptions options, String... parts) {
        assertThatThrownBy(() -> read(csv, options))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("my #1 table.csv")
                .hasMessageContainingAll(parts);
    }
}
