package org.latent4j.data.picture;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.image.BufferedImage;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * One look for all charts: colours that the colour-blind can tell apart, a white ground, faint grid lines, the legend below.
 *
 * <p>Source of the colours: Okabe and Ito, "Color universal design", 2008; their yellow is left out, which can't be seen on white.
 */
public final class Charts {
    public static final Color SKY = new Color(0x56, 0xB4, 0xE9);
    public static final Color VERMILION = new Color(0xD5, 0x5E, 0x00);
    public static final Color GREEN = new Color(0x00, 0x9E, 0x73);
    public static final Color BLUE = new Color(0x00, 0x72, 0xB2);
    public static final Color ORANGE = new Color(0xE6, 0x9F, 0x00);
    public static final Color PURPLE = new Color(0xCC, 0x79, 0xA7);
    public static final Color INK = new Color(0x33, 0x3A, 0x42);
    public static final Color FAINT = new Color(0xE4, 0xE8, 0xEC);

    private static final List<Color> CATEGORIES = List.of(BLUE, VERMILION, GREEN, ORANGE, PURPLE, SKY, INK);

    private static final List<Color> RAMP =
            List.of(new Color(0x0B, 0x2C, 0x7A), BLUE, SKY, ORANGE, VERMILION, new Color(0x8B, 0x1A, 0x00));

    private Charts() {}

    /** The colour of a category; beyond the first seven the hues turn by the golden ratio. */
    public static Color category(int i) {
        if (i < CATEGORIES.size()) {
            return CATEGORIES.get(i);
        }
        float hue = (float) (i * 0.6180339887 % 1);
        return Color.getHSBColor(hue, 0.65f, i % 2 == 0 ? 0.85f : 0.6f);
    }

    /** A colour between dark blue (0) and dark red (1) for a quantity. */
    public static Color ramp(double t) {
        double place = Math.max(0, Math.min(1, t)) * (RAMP.size() - 1);
        int lower = Math.min(RAMP.size() - 2, (int) place);
        Color a = RAMP.get(lower);
        Color b = RAMP.get(lower + 1);
        double part = place - lower;
        return new Color(
                (int) Math.round(a.getRed() + part * (b.getRed() - a.getRed())),
                (int) Math.round(a.getGreen() + part * (b.getGreen() - a.getGreen())),
                (int) Math.round(a.getBlue() + part * (b.getBlue() - a.getBlue())));
    }

    /** The same colour, seen through: alpha 0 ... 255. */
    public static Color faded(Color colour, int alpha) {
        return new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), alpha);
    }

    /** An empty chart over two axes, width by height in pixels. */
    public static XYChart xy(int width, int height, String title, String xTitle, String yTitle) {
        XYChart chart = new XYChart(width, height);
        chart.setTitle(title);
        chart.setXAxisTitle(xTitle);
        chart.setYAxisTitle(yTitle);
        style(chart.getStyler());
        return chart;
    }

    /** Gives any chart with axes the look. */
    public static void style(AxesChartStyler style) {
        style.setChartBackgroundColor(Color.WHITE).setPlotBackgroundColor(Color.WHITE);
        style.setPlotBorderVisible(false).setChartPadding(18).setPlotContentSize(1);
        style.setChartFontColor(INK)
                .setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 18))
                .setChartTitlePadding(10);
        style.setLegendPosition(LegendPosition.OutsideS).setLegendLayout(LegendLayout.Horizontal);
        style.setLegendBorderColor(Color.WHITE).setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 15));
        style.setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 15));
        style.setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13)).setAxisTickLabelsColor(INK);
        style.setAxisTicksLineVisible(false).setAxisTicksMarksVisible(false).setPlotMargin(6);
        style.setPlotGridLinesColor(FAINT).setPlotGridLinesStroke(new BasicStroke(1f));
        style.setLocale(Locale.ROOT);
        style.setXAxisTickMarkSpacingHint(80).setYAxisTickMarkSpacingHint(80);
        style.setxAxisTickLabelsFormattingFunction(Charts::tickLabel);
        style.setyAxisTickLabelsFormattingFunction(Charts::tickLabel);
        style.setMarkerSize(5).setAntiAlias(true);
    }

    /** A curve without markers. */
    public static XYSeries line(XYChart chart, String name, double[] x, double[] y, Color colour) {
        XYSeries series = chart.addSeries(name, unevenly(x), y);
        series.setXYSeriesRenderStyle(XYSeriesRenderStyle.Line).setMarker(SeriesMarkers.NONE);
        series.setLineColor(colour).setLineWidth(2.2f);
        return series;
    }

    /** Places that are all equally far apart would be XChart's tick labels, instead of round numbers: one is moved by less than shows. */
    private static double[] unevenly(double[] x) {
        double[] places = x.clone();
        if (x.length > 2) {
            places[1] += 1e-5 * (x[1] - x[0]);
        }
        return places;
    }

    /** Points without a line. */
    public static XYSeries points(XYChart chart, String name, double[] x, double[] y, Color colour) {
        XYSeries series = chart.addSeries(name, x, y);
        series.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
        series.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(colour);
        return series;
    }

    public static BufferedImage draw(XYChart chart) {
        return BitmapEncoder.getBufferedImage(chart);
    }

    /** Five digits at most, without an exponent for numbers of common size. */
    public static String tickLabel(double value) {
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(5)).stripTrailingZeros();
        boolean plain = value == 0 || Math.abs(value) >= 1e-4 && Math.abs(value) < 1e6;
        return plain ? rounded.toPlainString() : rounded.toString();
    }
}
