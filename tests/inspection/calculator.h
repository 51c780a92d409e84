// What tests of written arithmetic share: a small calculator.
#pragma once

#include <QRegularExpression>
#include <QString>
#include <cmath>
#include <string>

namespace grapevine {

/// Numbers, + − · / and brackets; √(…), exp, relu, tanh; a power of three. Throws std::string where it can't
/// read on.
class Calculator {
 public:
  explicit Calculator(const std::string& text) {
    QString plain = QString::fromStdString(text);
    plain.replace(QChar(0x2212), QLatin1Char('-')).replace(QChar(0x00b7), QLatin1Char('*'));
    plain.replace(QChar(0x221a), QStringLiteral("sqrt")).replace(QChar(0x00b3), QStringLiteral("^3"));
    plain.replace(QRegularExpression(QStringLiteral("\u2026 \\(\\d+ smaller terms: ([^)]*)\\)")),
                  QStringLiteral("(\\1)"));
    text_ = plain.remove(QLatin1Char(' ')).toStdString();
  }
  double value() {
    const double result = sum();
    if (at_ != text_.size()) throw "stopped at '" + text_.substr(at_) + "' of " + text_;
    return result;
  }

 private:
  bool eat(char sign) {
    if (at_ >= text_.size() || text_[at_] != sign) return false;
    ++at_;
    return true;
  }
  double sum() {
    double result = product();
    for (;;) {
      if (eat('+'))
        result += product();
      else if (eat('-'))
        result -= product();
      else
        return result;
    }
  }
  double product() {
    double result = power();
    for (;;) {
      if (eat('*'))
        result *= power();
      else if (eat('/'))
        result /= power();
      else
        return result;
    }
  }
  double power() {
    const double base = atom();
    return eat('^') ? eat('3'), base * base * base : base;
  }
  double atom() {
    if (eat('-')) return -power();
    if (eat('(')) {
      const double inner = sum();
      if (!eat(')')) throw "a bracket stays open in " + text_;
      return inner;
    }
    if (text_.compare(at_, 4, "max(") == 0) {
      at_ += 4;
      double largest = sum();
      while (eat(',')) largest = std::max(largest, sum());
      if (!eat(')')) throw "a bracket stays open in " + text_;
      return largest;
    }
    for (const auto& [name, function] : std::map<std::string, double (*)(double)>{
             {"sqrt", [](double x) { return std::sqrt(x); }},
             {"exp", [](double x) { return std::exp(x); }},
             {"relu", [](double x) { return std::max(0.0, x); }},
             {"sigmoid", [](double x) { return 1 / (1 + std::exp(-x)); }},
             {"gelu", [](double x) { return 0.5 * x * (1 + std::erf(x / std::sqrt(2.0))); }},
             {"tanh", [](double x) { return std::tanh(x); }}})
      if (text_.compare(at_, name.size(), name) == 0) {
        at_ += name.size();
        return function(atom());
      }
    std::size_t read = 0;
    const double number = std::stod(text_.substr(at_), &read);
    at_ += read;
    return number;
  }

  std::string text_;
  std::size_t at_ = 0;
};

}  // namespace grapevine
