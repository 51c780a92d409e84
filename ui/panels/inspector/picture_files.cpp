#include "ui/panels/inspector/picture_files.h"

#include <QBuffer>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <type_traits>

#include "engine/error.h"
#include "engine/experiment/entry_keys.h"
#include "engine/files/careful_file.h"
#include "engine/weights/parameter_file.h"

namespace grapevine {
namespace {

template <class Number>
Array to_array(const char* type, std::vector<std::int64_t> shape, const std::vector<Number>& numbers) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(numbers.data());
  return {type, std::move(shape), {bytes, bytes + numbers.size() * sizeof(Number)}};
}

/// The shortest decimal that reads back as the same number; "" for what is not a number.
template <class Number>
std::string number_text(Number value) {
  if (!std::isfinite(value)) return {};
  char text[64];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

/// The quantities of a layer, as far as they are there: to `matrix`, `list` or `number`, with their names.
template <class ToMatrix, class ToList, class ToNumber>
void visit(const Inspection& found, ToMatrix matrix, ToList list, ToNumber number) {
  matrix("feedback", found.feedback);
  matrix("estimate", found.estimate);
  matrix("jacobian", found.jacobian);
  matrix("left_over", left_over(found));
  list("column_cosines", found.column_cosines);
  list(measure_keys::sample_angles, found.sample_angles);
  list("singular_values_feedback", found.singular_feedback);
  list("singular_values_estimate", found.singular_estimate);
  list("singular_values_jacobian", found.singular_jacobian);
  const Activations& h = found.activations;
  list("activation_histogram", std::vector<double>(h.histogram.counts.begin(), h.histogram.counts.end()));
  list("activation_range", std::vector<double>{h.histogram.low, h.histogram.high});
  number("alpha", found.alpha);
  number(measure_keys::cos_b_j, found.cos_b_j);
  number("activation_mean", h.mean);
  number("activation_deviation", h.deviation);
  number("activation_zeros", h.zeros);
  number("activation_dead", h.dead);
  for (std::size_t i = 0; i < found.bounds.size(); ++i) {
    number(i == 0 ? "eq4_measured" : "lemma_b2_measured", found.bounds[i].measured);
    number(i == 0 ? measure_keys::eq4_bound : measure_keys::lemma_b2_bound, found.bounds[i].bound);
  }
}

}  // namespace

QString file_stem(const QString& name) {
  QString stem;
  for (const QChar letter : name.normalized(QString::NormalizationForm_KD)) {
    if (letter.unicode() < 128 && (letter.isLetterOrNumber() || letter == QLatin1Char('.')))
      stem += letter;
    else if (letter.category() != QChar::Mark_NonSpacing && !stem.endsWith(QLatin1Char('-')))
      stem += QLatin1Char('-');
  }
  while (stem.startsWith(QLatin1Char('-')) || stem.startsWith(QLatin1Char('.'))) stem.remove(0, 1);
  while (stem.endsWith(QLatin1Char('-'))) stem.chop(1);
  return stem.isEmpty() ? QStringLiteral("picture") : stem;
}

QString write_text(const QString& file, const std::string& text) {
  try {
    write_carefully(file.toStdString(), text);
    return {};
  } catch (const Error& error) {
    return QString::fromUtf8(error.what());
  }
}

QString write_png(const QString& file, const QImage& image) {
  QByteArray content;
  QBuffer buffer(&content);
  image.save(&buffer, "PNG");
  return write_text(file, content.toStdString());
}

std::string matrix_csv(const Matrix& matrix) {
  std::string text = "class,feature,value\n";
  for (std::int64_t row = 0; row < matrix.rows; ++row)
    for (std::int64_t column = 0; column < matrix.columns; ++column)
      text += std::to_string(row) + "," + std::to_string(column) + "," + number_text(matrix.at(row, column)) +
              "\n";
  return text;
}

std::string histogram_csv(const Histogram& histogram) {
  std::string text = "from,to,count\n";
  const double width = (histogram.high - histogram.low) /
                       static_cast<double>(std::max<std::size_t>(1, histogram.counts.size()));
  for (std::size_t i = 0; i < histogram.counts.size(); ++i) {
    const double from = histogram.low + width * static_cast<double>(i);
    text += number_text(from) + "," + number_text(from + width) + "," + std::to_string(histogram.counts[i]) +
            "\n";
  }
  return text;
}

std::string inspection_csv(const Inspection& inspection) {
  std::string text = "quantity,row,column,value\n";
  visit(
      inspection,
      [&](const std::string& name, const Matrix& matrix) {
        for (std::int64_t row = 0; row < matrix.rows; ++row)
          for (std::int64_t column = 0; column < matrix.columns; ++column)
            text += name + "," + std::to_string(row) + "," + std::to_string(column) + "," +
                    number_text(matrix.at(row, column)) + "\n";
      },
      [&](const std::string& name, const auto& values) {
        for (std::size_t i = 0; i < values.size(); ++i)
          text += name + "," + std::to_string(i) + ",," + number_text(values[i]) + "\n";
      },
      [&](const std::string& name, double value) { text += name + ",,," + number_text(value) + "\n"; });
  return text;
}

std::string inspection_npz(const Inspection& inspection, const std::string& racer) {
  ParameterFile file;
  const nlohmann::json about{{"racer", racer},
                             {"layer", inspection.point},
                             {"step", inspection.step},
                             {"epoch", inspection.epoch},
                             {"samples", inspection.samples},
                             {"shape", inspection.shape}};
  file.metadata["inspection"] = about.dump();
  visit(
      inspection,
      [&](const std::string& name, const Matrix& matrix) {
        if (!matrix.empty())
          file.arrays.emplace_back(name, to_array("f32", {matrix.rows, matrix.columns}, matrix.values));
      },
      [&](const std::string& name, const auto& values) {
        if (!values.empty())
          file.arrays.emplace_back(
              name, to_array(std::is_same_v<decltype(values.front()), const float&> ? "f32" : "f64",
                             {static_cast<std::int64_t>(values.size())}, values));
      },
      [&](const std::string& name, double value) {
        file.arrays.emplace_back(name, to_array("f64", {1}, std::vector<double>{value}));
      });
  return to_npz(file);
}

}  // namespace grapevine
