// Every text that the window shows goes through Qt's translation: a string of ui/ that reads as words stands
// in tr() or a similar call (a figure's in figure_words()). What another program reads, and the engine's
// sentences, are left out.
#include <QRegularExpression>
#include <QTest>

#include "tests/architecture/sources.h"

namespace {

/// A string with the calls that it stands in, the innermost last.
struct Quoted {
  QString text;
  QStringList calls;
  int line = 0;
};

/// Reads C++ as far as this needs it: comments, strings, and which name stands before each bracket.
class Reader {
 public:
  explicit Reader(const QString& source) : source_(source) {}

  QList<Quoted> strings() {
    while (at_ < source_.size()) step();
    return found_;
  }

 private:
  QChar now() const { return source_[at_]; }
  bool is(const char* text) const { return source_.mid(at_, qstrlen(text)) == QLatin1String(text); }

  void skip_to(const char* end) {
    const qsizetype found = source_.indexOf(QLatin1String(end), at_ + 2);
    line_ += static_cast<int>(source_.mid(at_, found - at_).count('\n'));
    at_ = found < 0 ? source_.size() : found + static_cast<qsizetype>(qstrlen(end));
  }

  void step() {
    if (is("//")) return skip_to_line();
    if (is("/*")) return skip_to("*/");
    if (is("#include")) return skip_to_line();
    if (now() == '"') return string();
    // 1'000 holds no character.
    if (now() == '\'' && (ended_ || !word_.back().isDigit())) return character();
    if (now() == '\n') ++line_;
    if (now() == '(') {
      calls_ << word_;
      word_.clear();
    } else if (now() == ')') {
      if (!calls_.isEmpty()) calls_.removeLast();
    } else if (now().isLetterOrNumber() || now() == '_') {
      if (ended_) word_.clear();
      word_ += now();
    }
    ended_ = !(now().isLetterOrNumber() || now() == '_');
    ++at_;
  }

  void skip_to_line() {
    const qsizetype end = source_.indexOf('\n', at_);
    at_ = end < 0 ? source_.size() : end;
  }

  void character() {
    for (++at_; at_ < source_.size() && now() != '\''; ++at_)
      if (now() == '\\') ++at_;
    ++at_;
  }

  void string() {
    Quoted quoted{{}, calls_, line_};
    for (++at_; at_ < source_.size() && now() != '"'; ++at_) {
      if (now() == '\\') quoted.text += source_[at_++];
      quoted.text += now();
    }
    ++at_;
    ended_ = true;
    found_ << quoted;
  }

  QString source_, word_;
  QStringList calls_;
  qsizetype at_ = 0;
  int line_ = 1;
  bool ended_ = true;
  QList<Quoted> found_;
};

/// Two words next to each other, or one that begins like a sentence.
bool reads_as_words(const QString& text) {
  static const QRegularExpression words("[A-Za-z]{2,}[,;:]? [a-z]{2,}|^[A-Z][a-z]{2,}[.…]?$|^ ?[a-z]{3,} $");
  static const QRegularExpression markup(
      "[<{}]|^\\w+#|^[A-Z][a-z]+( [A-Z][a-z]+)+$|font-family|^(Fusion|Software|Adam)$");
  return words.match(text).hasMatch() && !markup.match(text).hasMatch();
}

/// Translated, for the program alone, or a sentence of the engine's kind.
bool is_looked_after(const Quoted& quoted) {
  static const QStringList known{"tr",           "translate",  "QT_TRANSLATE_NOOP", "SAY",
                                 "figure_words", "InputError", "RunError",          "logic_error",
                                 "setProperty",  "qWarning",   "setStyleSheet",     "setCreator",
                                 "make_sweep",   "make_plan"};
  return std::any_of(quoted.calls.begin(), quoted.calls.end(),
                     [](const QString& call) { return known.contains(call); });
}

}  // namespace

class TestTranslated : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void the_reader_tells_strings_from_the_rest() {
    const QList<Quoted> found =
        Reader("a(tr(\"One two\"), 'x', \"three\"); // \"four\"\nb(\"f\\\"ive\");").strings();
    QCOMPARE(found.size(), 3);
    QCOMPARE(found[0].calls, (QStringList{"a", "tr"}));
    QCOMPARE(found[1].calls, QStringList{"a"});
    QCOMPARE(found[2].text, QString("f\\\"ive"));
    QCOMPARE(found[2].line, 2);
    QVERIFY(reads_as_words("Nothing to show") && reads_as_words("Accuracy") && !reads_as_words("cos_b_j"));
  }

  void every_text_of_the_window_is_translated() {
    QStringList found;
    int translated = 0;
    for (const QString& path : source_files({"*.h", "*.cpp"})) {
      // The table of keys has keys' names next to its words, which are in QT_TRANSLATE_NOOP().
      if (!path.startsWith("ui/") || path.endsWith("key_table.cpp")) continue;
      for (const Quoted& quoted : Reader(text_of(path)).strings()) {
        if (!reads_as_words(quoted.text)) continue;
        if (is_looked_after(quoted))
          ++translated;
        else
          found << QString("%1:%2: \"%3\"").arg(path).arg(quoted.line).arg(quoted.text);
      }
    }
    QVERIFY(translated > 300);
    QVERIFY2(found.isEmpty(), qPrintable(found.join('\n')));
  }
};

QTEST_GUILESS_MAIN(TestTranslated)
#include "test_translated.moc"
