// The pen that writes SVG.
#include "app/cli/svg_chart.h"

#include <cstdio>

#include "app/cli/chart_page.h"
#include "app/cli/console.h"
#include "engine/experiment/number_text.h"

namespace grapevine::cli {
namespace {

std::string coordinate(double value) {
  return fixed(value, 1);
}

class SvgPen : public ChartPen {
 public:
  /// Letters of `usual` height need not say so.
  explicit SvgPen(double usual) : usual_(usual) {}

  void text(double x, double y, const std::string& words, Anchor anchor, double size, bool bold) override {
    const char* where = anchor == Anchor::start ? "start" : anchor == Anchor::end ? "end" : "middle";
    svg += "<text x=\"" + coordinate(x) + "\" y=\"" + coordinate(y) + "\" text-anchor=\"" + where + "\"" +
           (size == usual_ ? "" : " font-size=\"" + coordinate(size) + "\"") +
           (bold ? " font-weight=\"bold\"" : "") + ">" + escaped_html(words) + "</text>\n";
  }
  void rule(double x1, double y1, double x2, double y2) override {
    svg += "<line x1=\"" + coordinate(x1) + "\" y1=\"" + coordinate(y1) + "\" x2=\"" + coordinate(x2) +
           "\" y2=\"" + coordinate(y2) + "\" stroke=\"#d0d0d0\"/>\n";
  }
  void line(const std::vector<Points>& pieces, const ChartStroke& stroke) override {
    svg += "<path d=\"" + path_of(pieces, "") + "\" fill=\"none\" stroke-width=\"" +
           short_text(stroke.width, 3) + "\" stroke=\"" + colour_text(stroke.colour) + "\"";
    std::string lengths;
    for (const double length : dash_of_line(stroke.dash))
      lengths += (lengths.empty() ? "" : " ") + short_text(length, 3);
    svg += (lengths.empty() ? "" : " stroke-dasharray=\"" + lengths + "\"") + "/>\n";
  }
  void area(const std::vector<Points>& outlines, std::uint32_t colour) override {
    svg += "<path d=\"" + path_of(outlines, "Z") + "\" fill=\"" + colour_text(colour) + "\" fill-opacity=\"" +
           short_text(area_opacity, 3) + "\"/>\n";
  }

  std::string svg;

 private:
  static std::string colour_text(std::uint32_t colour) {
    char text[16];
    std::snprintf(text, sizeof text, "#%06x", static_cast<unsigned>(colour & 0xFFFFFF));
    return text;
  }
  static std::string path_of(const std::vector<Points>& pieces, const char* end) {
    std::string path;
    for (const Points& points : pieces) {
      for (std::size_t i = 0; i < points.size(); ++i)
        path += (i > 0 ? "L" : "M") + coordinate(points[i].first) + " " + coordinate(points[i].second);
      path += end;
    }
    return path;
  }

  double usual_;
};

/// Both sides in centimetres where the page has them.
std::string size_of(const ChartPage& page) {
  if (page.width_cm == 0)
    return " width=\"" + fixed(page.width, 0) + "\" height=\"" + fixed(page.height, 0) + "\"";
  return " width=\"" + fixed(page.width_cm, 2) + "cm\" height=\"" +
         fixed(page.height / pixels_a_centimetre, 2) + "cm\"";
}

}  // namespace

std::string svg_of(const Chart& chart) {
  if (!has_numbers(chart)) return "";
  SvgPen pen(ChartFrame{}.font);
  pen.svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + fixed(chart_width, 0) + " " +
            fixed(chart_height(chart), 0) +
            "\" role=\"img\" font-family=\"sans-serif\" font-size=\"11\">\n<title>" +
            escaped_html(chart.title) + "</title>\n";
  draw_chart(chart, pen);
  return pen.svg + "</svg>\n";
}

std::string svg_of(const ChartPage& page) {
  const double font = page.panels.empty() ? ChartFrame{}.font : page.panels.front().frame.font;
  SvgPen pen(font);
  pen.svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"" + size_of(page) + " viewBox=\"0 0 " +
            coordinate(page.width) + " " + coordinate(page.height) + "\" role=\"img\" font-family=\"" +
            escaped_html(page.font.empty() ? "sans-serif" : page.font + ", sans-serif") + "\" font-size=\"" +
            coordinate(font) + "\">\n";
  draw_page(page, pen);
  return pen.svg + "</svg>\n";
}

std::string escaped_html(const std::string& text) {
  std::string out;
  for (const char c : clean(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace grapevine::cli
