package org.latent4j.reduction.pca;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import org.latent4j.data.DataException;
import org.latent4j.data.PointSet;

/**
 * The names of p data points and the group of each, as of an experiment's process.
 *
 * <p>Throws {@link DataException} for lists of different lengths and for files that aren't such lists.
 */
public record DataPoints(List<String> names, List<String> groups) {
    public DataPoints {
        names = List.copyOf(names);
        groups = List.copyOf(groups);
        if (names.size() != groups.size()) {
            throw new DataException(names.size() + " names of data points, but " + groups.size() + " groups");
        }
    }

    /** x1 ... xp, all in one group. */
    public static DataPoints numbered(int count) {
        return new DataPoints(PointSet.numbered(count), Collections.nCopies(count, "all"));
    }

    /** From lines {@code name,group}; a first line of just these words is left out, and the group is what follows the last comma. */
    public static DataPoints read(Path file, int expected) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new DataException("can't read the names of data points from " + file + ": " + e.getMessage(), e);
        }
        List<String> names = new ArrayList<>();
        List<String> groups = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            boolean isHeader = i == 0 && line.replace(" ", "").equalsIgnoreCase("name,group");
            if (line.isEmpty() || isHeader) {
                continue;
            }
            int comma = line.lastIndexOf(',');
            if (comma < 0) {
                throw new DataException(
                        file + ", line " + (i + 1) + ": 'name,group' is expected, but it is '" + line + "'");
            }
            names.add(line.substring(0, comma).strip());
            groups.add(line.substring(comma + 1).strip());
        }
        if (names.size() != expected) {
            throw new DataException(
                    file + " names " + names.size() + " data points, but the covariance has " + expected);
        }
        return new DataPoints(names, groups);
    }

    public int size() {
        return names.size();
    }

    /** Each group once, in the order of appearance. */
    public List<String> distinctGroups() {
        return List.copyOf(new LinkedHashSet<>(groups));
    }
}
