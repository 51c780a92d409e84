// CONTRIBUTING's recipes, carried out: samples of a rule, a measure, a layer, a model, a data set, a figure
// and a command are added to a copy of the tree, each by the files and the one line that the table names, a
// setting by a member and a line in bind(), and a field that no layer had by a member of LayerSpec, and
// nothing else; what needs them is built, and the programs know them everywhere. To a file that is there
// already, as a page of docs, a sample adds text at the end. The compiler cache makes that cheap: without one
// the test is skipped.
#include <QDirIterator>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QtTest>

using namespace Qt::StringLiterals;

namespace {

const QString root = QStringLiteral(GRAPEVINE_SOURCE_DIR);
const QString samples = root + "/tests/recipes/samples";

/// A row of CONTRIBUTING's table that names a file with <key> and a list.
struct Recipe {
  QString thing;
  QStringList files;  ///< patterns: engine/rules/<key>.h; or a file that all share: docs/measures.md
  QString list;       ///< engine/rules/rules.def
};

QByteArray content_of(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// `code` words of a cell; a bare file name lies in the folder of the word before.
QStringList paths_in(const QString& cell) {
  QStringList paths;
  static const QRegularExpression word(QStringLiteral("`([^`]+)`"));
  for (auto all = word.globalMatch(cell); all.hasNext();) {
    QString path = all.next().captured(1);
    if (!path.contains(u'/') && !paths.isEmpty()) path = paths.last().section(u'/', 0, -2) + "/" + path;
    paths += path;
  }
  return paths;
}

QList<Recipe> recipes() {
  QList<Recipe> all;
  for (const QString& line : QString::fromUtf8(content_of(root + "/CONTRIBUTING.md")).split(u'\n')) {
    const QStringList cells = line.split(u'|');
    if (cells.size() < 5 || !cells[3].contains(".def`") || cells[3].contains("tests/")) continue;
    all.append({cells[1].trimmed(), paths_in(cells[2]), paths_in(cells[3]).value(0)});
  }
  return all;
}

QStringList sample_files() {
  QStringList files;
  QDirIterator all(samples, QDir::Files, QDirIterator::Subdirectories);
  while (all.hasNext()) files += QDir(samples).relativeFilePath(all.next());
  files.sort();
  return files;
}

/// The key where `file` is what `pattern` says, else "".
QString key_of(const QString& file, const QString& pattern) {
  static const QRegularExpression hole(QStringLiteral("<\\w+>"));
  const QStringList parts = QString(pattern).replace(hole, QStringLiteral("\n")).split(u'\n');
  if (parts.size() != 2 || !file.startsWith(parts[0]) || !file.endsWith(parts[1])) return {};
  const QString key = file.mid(parts[0].size(), file.size() - parts[0].size() - parts[1].size());
  return key.contains(u'/') ? QString() : key;
}

struct Outcome {
  int status = -1;
  QString out, err;
  QJsonObject json() const { return QJsonDocument::fromJson(out.toUtf8()).object(); }
};

Outcome run(const QString& program, const QStringList& arguments, const QString& folder) {
  QProcess process;
  process.setWorkingDirectory(folder);
  process.start(program, arguments);
  if (!process.waitForFinished(-1)) return {};  // ctest knows how long the whole may take
  return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()),
          QString::fromUtf8(process.readAllStandardError())};
}

}  // namespace

class TestRecipes : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void each_recipe_has_a_sample();
  void the_samples_are_built();
  void the_figure_is_drawn_exported_and_kept();
  void settings_name_them();
  void help_and_man_page_name_them();
  void they_train();
  void a_layers_own_field_is_read_and_written();

 private:
  bool copy_tree();
  bool add_samples();
  bool add_setting();
  bool add_layer_field();
  bool build(const QStringList& targets);
  Outcome terminal(const QStringList& arguments) const {
    return run(build_ + "/bin/grapevine-cli", arguments, folder_.path());
  }

  QTemporaryDir folder_;
  QString tree_ = folder_.filePath("tree"), build_ = tree_ + "/" GRAPEVINE_BUILD_PLACE;
  bool built_ = false;
};

void TestRecipes::each_recipe_has_a_sample() {
  const QList<Recipe> all = recipes();
  QVERIFY2(all.size() >= 6, "CONTRIBUTING.md's table was not understood");
  QStringList left = sample_files();
  for (const Recipe& recipe : all) {
    QVERIFY2(QFile::exists(root + "/" + recipe.list), qPrintable(recipe.list));
    for (const QString& pattern : recipe.files) {
      const auto fits = [&](const QString& file) {
        return file == pattern || !key_of(file, pattern).isEmpty();
      };
      QVERIFY2(left.removeIf(fits) == 1, qPrintable("no sample, or two, for " + pattern));
    }
  }
  QVERIFY2(left.isEmpty(), qPrintable("no recipe names " + left.join(", ")));
}

bool TestRecipes::copy_tree() {
  const Outcome files = run("git", {"ls-files"}, root);
  QStringList names = files.out.split(u'\n', Qt::SkipEmptyParts);
  if (files.status != 0 || names.isEmpty()) return false;
  for (const QString& name : names) {
    if (name.startsWith("tests/recipes/samples/") || name.startsWith("tests/fixtures/")) continue;
    QDir().mkpath(QFileInfo(tree_ + "/" + name).path());
    QFile::copy(root + "/" + name, tree_ + "/" + name);
  }
  return QFile::exists(tree_ + "/CMakeLists.txt");
}

bool TestRecipes::add_samples() {
  for (const QString& file : sample_files()) {
    if (QFile shared(tree_ + "/" + file); shared.exists()) {
      const QByteArray text = content_of(samples + "/" + file);
      if (!shared.open(QIODevice::Append) || shared.write(text) != text.size()) return false;
    } else if (!QFile::copy(samples + "/" + file, tree_ + "/" + file)) {
      return false;
    }
  }
  for (const Recipe& recipe : recipes()) {
    QString key;
    for (const QString& file : sample_files()) {
      const QString found = key_of(file, recipe.files.first());
      if (!found.isEmpty()) key = found;
    }
    // As a person would: the line above with another key.
    static const QRegularExpression last(QStringLiteral("(GRAPEVINE_\\w+)\\(\\w+\\)\\s*$"));
    QByteArray list = content_of(tree_ + "/" + recipe.list);
    const QString macro = last.match(QString::fromUtf8(list)).captured(1);
    QFile file(tree_ + "/" + recipe.list);
    if (key.isEmpty() || macro.isEmpty() || !file.open(QIODevice::Append)) return false;
    file.write((macro + "(" + key + ")\n").toUtf8());
  }
  return true;
}

/// A line put in front of the first one that has `before` in it.
bool put_before(const QString& path, const QByteArray& before, const QByteArray& line) {
  QByteArray text = content_of(path);
  const qsizetype at = text.indexOf(before);
  QFile file(path);
  if (at < 0 || !file.open(QIODevice::WriteOnly)) return false;
  text.insert(text.lastIndexOf('\n', at) + 1, line);
  return file.write(text) == text.size();
}

/// A member of its group's struct, a line in that struct's bind().
bool TestRecipes::add_setting() {
  const QString group = tree_ + "/engine/experiment/groups/run_settings";
  return put_before(group + ".h", "static constexpr const char* group",
                    "  std::int64_t sample_setting = 3;\n") &&
         put_before(
             group + ".cpp", "to.text(device",
             "  to.integer(sample_setting, \"sample_setting\", at_least(1).at_most(9), \"a sample of a "
             "setting\");\n");
}

/// A member of LayerSpec.
bool TestRecipes::add_layer_field() {
  return put_before(tree_ + "/engine/experiment/layer_spec.h", "bool bias = true",
                    "  double softness = 1;  ///< sample_layer\n");
}

bool TestRecipes::build(const QStringList& targets) {
  const Outcome made =
      run(GRAPEVINE_CMAKE, QStringList{"--build", build_, "-j", "2", "--target"} + targets, folder_.path());
  if (made.status != 0) qWarning().noquote() << made.out.right(4000);
  return made.status == 0;
}

void TestRecipes::the_samples_are_built() {
  if (QStandardPaths::findExecutable("ccache").isEmpty())
    QSKIP("without ccache (Debian: ccache) this would compile the whole program again");
  QVERIFY(copy_tree() && add_samples() && add_setting() && add_layer_field());
  const Outcome configured =
      run(GRAPEVINE_CMAKE,
          {"-S", tree_, "-B", build_, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=" GRAPEVINE_BUILD_TYPE,
           "-DGRAPEVINE_WERROR=ON", "-DGRAPEVINE_GUI=ON", "-DGRAPEVINE_TESTS=ON"},
          folder_.path());
  QVERIFY2(configured.status == 0, qPrintable(configured.err));
  QVERIFY(build({"grapevine-cli", "grapevine_engine"}));
  built_ = true;
}

// Its test goes over the list of figures, the sample among them.
void TestRecipes::the_figure_is_drawn_exported_and_kept() {
  if (!built_) QSKIP("the samples were not built");
  QVERIFY(build({"scope_test_figure_entries"}));
  qputenv("QT_QPA_PLATFORM", "offscreen");
  const Outcome tested = run(build_ + "/tests/scope_test_figure_entries", {}, folder_.path());
  QVERIFY2(tested.status == 0, qPrintable(tested.out));
  QVERIFY(content_of(tree_ + "/ui/scope/figures/figures.def").contains("GRAPEVINE_FIGURE(sample_figure)"));
}

void TestRecipes::settings_name_them() {
  if (!built_) QSKIP("the samples were not built");
  const Outcome outcome = terminal({"settings", "--json"});
  QCOMPARE(outcome.status, 0);
  QHash<QString, QJsonObject> settings;
  for (const QJsonValue& entry : outcome.json()["settings"_L1].toArray()) {
    const QJsonObject setting = entry.toObject();
    settings[setting["rule"_L1].toString() + ":" + setting["key"_L1].toString()] = setting;
  }
  const auto chooses = [&](const char* key, const char* value) {
    return settings[":"_L1 + QLatin1String(key)]["choices"_L1].toArray().contains(QLatin1String(value));
  };
  QVERIFY(chooses("rule.name", "sample_rule"));
  QVERIFY(chooses("model.name", "sample_model"));
  QVERIFY(chooses("data.name", "sample_data"));
  QVERIFY(chooses("probe.measures", "sample_measure"));
  QCOMPARE(settings["sample_rule:rule.gain"]["default"_L1].toDouble(), 0.5);
  QVERIFY(settings["sample_rule:rule.gain"]["live"_L1].toBool());
  QCOMPARE(settings[":sample_setting"]["default"_L1].toInt(), 3);
  QCOMPARE(settings[":sample_setting"]["help"_L1].toString(), QString("a sample of a setting"));
  QString field;
  for (const QJsonValue& entry : outcome.json()["layers"_L1].toArray())
    if (entry["type"_L1] == "sample_layer"_L1) field = entry["fields"_L1][0]["name"_L1].toString();
  QCOMPARE(field, QString("softness"));
  QVERIFY(terminal({"datasets"}).out.contains("sample_data"));
  // The window's help reads the build's copy of the page.
  const QByteArray page = content_of(build_ + "/share/grapevine/help/measures.md");
  QVERIFY(page.contains("\n### `sample_measure`: ") && page.contains("# Every measure"));
}

void TestRecipes::help_and_man_page_name_them() {
  if (!built_) QSKIP("the samples were not built");
  QVERIFY(terminal({"--help"}).out.contains("\n  sample  "));
  QVERIFY(terminal({"sample", "--help"}).out.contains("--times N"));
  QVERIFY(terminal({"--manual"}).out.contains("\\fBsample\\fR WORD"));
  QCOMPARE(terminal({"sample", "vine", "--times", "2"}).out, QString("vine\nvine\n"));
}

void TestRecipes::they_train() {
  if (!built_) QSKIP("the samples were not built");
  const Outcome outcome = terminal({"train",     "--json",
                                    "--db",      "runs.db",
                                    "--threads", "1",
                                    "--set",     "rule.name=sample_rule",
                                    "--set",     "rule.gain=2",
                                    "--set",     "model.name=sample_model",
                                    "--set",     "data.name=sample_data",
                                    "--set",     "probe.measures=sample_measure",
                                    "--set",     "probe.every=4",
                                    "--set",     "sample_setting=4",
                                    "--set",     "train.epochs=1"});
  QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
  QCOMPARE(outcome.json()["experiment"_L1]["rule"_L1]["gain"_L1].toDouble(), 2.0);
  QCOMPARE(outcome.json()["experiment"_L1]["sample_setting"_L1].toInt(), 4);
  const QJsonObject alignment = outcome.json()["alignment"_L1]["1"_L1].toObject();
  const double share = alignment["sample_measure"_L1].toDouble(-1);
  QVERIFY2(share >= 0 && share <= 1, qPrintable(outcome.out));
  QVERIFY(
      terminal({"export", "1", "--format", "csv", "--db", "runs.db"}).out.contains("\nsample_measure,1,"));
}

void TestRecipes::a_layers_own_field_is_read_and_written() {
  if (!built_) QSKIP("the samples were not built");
  const QString segments =
      R"([[{"type":"flatten"},{"type":"linear","out":8},{"type":"sample_layer","softness":2.0}],)"
      R"([{"type":"linear","out":8}]])";
  const Outcome outcome =
      terminal({"train", "--json", "--db", "runs.db", "--threads", "1", "--set", "data.name=sample_data",
                "--set", "model.segments=" + segments, "--set", "train.epochs=1"});
  QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
  const QJsonValue kept = outcome.json()["experiment"_L1]["model"_L1]["segments"_L1];
  QCOMPARE(kept[0][2]["softness"_L1].toDouble(), 2.0);
}

QTEST_GUILESS_MAIN(TestRecipes)
#include "test_recipes_slow.moc"
