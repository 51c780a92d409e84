// Everything that core reads, while memory runs out at the n-th request, for every n: nothing crashes, no
// file is left behind, the message says what could not be read, and the next reading is whole again. Where
// the want of memory is survived the result is the whole one. GRAPEVINE_FAULTS=all tries every n
// (make soak), otherwise every seventh or so.
#include "tests/launch/failing_new.h"

#include <QtTest>
#include <filesystem>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>

#include "engine/data/data_set.h"
#include "engine/data/places.h"
#include "engine/data/text_set.h"
#include "engine/lessons/lesson_files.h"
#include "engine/plans/plan.h"
#include "engine/plans/sweep.h"
#include "engine/runs/backup.h"
#include "engine/runs/curve_import.h"
#include "engine/runs/maintenance.h"
#include "engine/runs/merge.h"
#include "engine/runs/run_file.h"
#include "engine/weights/parameter_file.h"
#include "tests/runs/support.h"

using namespace grapevine;

namespace {

namespace fs = std::filesystem;

/// Short: each of its requests is refused in its turn, and the lesson read as often.
constexpr const char* every_part_of_a_lesson =
    "{\"lesson\": 1, \"title\": \"Small\", \"summary\": \"Every part of a lesson, once.\", \"minutes\": 1,"
    " \"card\": [{\"rule\": \"dfa\", \"angles\": [62]}],"
    " \"experiments\": {\"main\": {\"race\": [{\"rule.name\": \"bp\"}, {\"rule\": {\"name\": \"dfa\"}}]}},"
    " \"steps\": ["
    "  {\"title\": \"One\", \"experiment\": \"main\", \"text\": [\"It is {dfa.cos_delta[1] angle}.\", "
    "\"Two.\"],"
    "   \"formula\": \"e B\", \"show\": {\"view\": \"stage\", \"measure\": \"cos_delta\", \"spotlight\": "
    "\"dfa\"},"
    "   \"until\": [{\"measure\": \"dfa.test_accuracy\", \"below\": \"bp.test_accuracy\"},"
    "             {\"event\": \"finished\", \"says\": \"The end\"},"
    "             {\"command\": \"set\", \"key\": \"optimizer.lr\", \"example\": \"0.01\"}, {\"answer\": "
    "true}],"
    "   \"question\": {\"text\": \"Which?\", \"choices\": [{\"text\": \"this\", \"right\": true, \"says\": "
    "\"Yes.\"}, {\"text\": \"that\"}]},"
    "   \"seen\": \"It is {bp.test_accuracy}.\", \"hints\": [\"Wait.\"]}]}";

const std::string seeds = GRAPEVINE_SOURCE_DIR "/tests/fuzz/corpus/";

/// A reading, as often as one likes: what it came to, in words.
struct Reading {
  std::string names;                                  ///< what its message has to say
  std::function<std::string()> read;                  ///< with memory that may run out, until it disarms that
  std::function<void()> before = [] {};               ///< with all the memory there is
  std::function<bool()> done = [] { return false; };  ///< all was taken in before memory ran out
};

void write(const std::string& path, const std::string& content) {
  fs::create_directories(fs::path(path).parent_path());
  std::ofstream(path, std::ios::binary) << content;
}

std::string big_endian(std::uint32_t word) {
  std::string text;
  for (int shift = 24; shift >= 0; shift -= 8) text += static_cast<char>(word >> shift);
  return text;
}

std::string idx(const std::vector<std::uint32_t>& extents, std::size_t count) {
  std::string text = big_endian(0x0800U | static_cast<std::uint32_t>(extents.size()));
  for (const std::uint32_t extent : extents) text += big_endian(extent);
  for (std::size_t i = 0; i < count; ++i) text += static_cast<char>(i % 3);
  return text;
}

std::string words_of(const ExperimentPlan& plan) {
  failing_new::disarm();
  return plan_to_json(plan).dump();
}

std::string words_of(const ImageSet& set) {
  std::string words = std::to_string(set.classes) + ":";
  for (const auto pixel : set.pixels) words += static_cast<char>('0' + pixel % 64);
  for (const auto label : set.labels) words += std::to_string(label);
  return words;
}

Reading images(const std::string& name, const std::string& folder) {
  DataRequest request;
  request.name = name;
  request.dir = folder;
  request.validation = 0.25;
  const auto read = [request] {
    const ImageFacts facts = image_facts(request);
    const ImageData data = load_images(request);
    failing_new::disarm();
    return std::to_string(facts.height) + words_of(data.train) + words_of(data.test);
  };
  return {folder, read, [] { fs::remove_all(made_folder("images")); }};
}

Reading text(const std::string& folder) {
  DataRequest request;
  request.name = "text";
  request.dir = folder;
  return {folder, [request] {
            check_text(request, {});
            failing_new::disarm();
            return std::string("text");
          }};
}

Reading parameters(const std::string& path) {
  return {path, [path] {
            const ParameterFile file = read_parameters(path);
            failing_new::disarm();
            std::string words = file.sha256;
            for (const auto& [name, array] : file.arrays)
              words += name + array.type + std::to_string(array.bytes.size());
            return words;
          }};
}

/// A database with a run of ten steps and a checkpoint.
void store(const std::string& database) {
  RunWriter writer(database, single());
  Observations news;
  for (std::int64_t step = 1; step <= 10; ++step) {
    news.samples.push_back(sample(0, "train_loss", 0, step, 0.5));
    news.samples.push_back(sample(0, "cos_b_j", 1, step, 0.1));
  }
  news.events = {event_of(0, 10, "finished", "finished", "{\"a\": [1, {\"b\": 2}]}")};
  news.commands = {{5, "set", "optimizer.lr=0.5"}};
  news.checkpoints.push_back({{checkpoint_at(10)}});
  news.states = {SessionState::finished};
  news.step = 10;
  post(writer, news);
  writer.finish(RunStatus::finished, "");
}

std::string words_of(const RunData& run) {
  std::string words = run.uuid + run.rule + run.experiment;
  for (const auto& [key, series] : run.series) words += std::to_string(series.size()) + ",";
  for (const Event& event : run.events) words += event.data;
  return words;
}

Reading database(const std::string& path) {
  return {path, [path, ids = std::vector<std::int64_t>{1}] {
            RunReader reader(path);
            const std::vector<RunSummary> runs = reader.list();
            const RunData run = reader.load(1);
            const auto commands = reader.commands(1, -1);
            const CheckpointSet state = reader.checkpoint(ids);
            failing_new::disarm();
            return words_of(run) + std::to_string(runs.size()) + std::to_string(commands.size()) +
                   std::to_string(state.racers.size()) + std::to_string(reader.troubles().size());
          }};
}

/// Into a database that holds nothing before and, where it fails, nothing after.
Reading taken_in(const std::string& folder, const std::string& names,
                 std::function<MergeResult(const std::string& into)> take) {
  const std::string into = folder + "/into/g.db";
  const auto count = [into] { return ask(into, "SELECT count(*) FROM runs"); };
  return {names,
          [=] {
            const MergeResult result = take(into);
            failing_new::disarm();
            return std::to_string(result.taken.size()) + " " + std::to_string(result.checkpoints) + " " +
                   std::to_string(result.left.size());
          },
          [=] {
            if (fs::exists(into) && count() == "0") return;
            fs::remove_all(folder + "/into");
            fs::create_directories(folder + "/into");
            store(into);  // with a folder for its checkpoints
            tell(into,
                 "DELETE FROM checkpoints; DELETE FROM samples; DELETE FROM series; DELETE FROM events; "
                 "DELETE FROM commands; DELETE FROM run_values; DELETE FROM runs");
            for (const auto& entry : fs::directory_iterator(into + "-checkpoints"))
              if (entry.path().extension() == ".checkpoint") fs::remove(entry.path());
            ask(into, "PRAGMA wal_checkpoint(TRUNCATE)");
          },
          [=] { return count() != "0"; }};
}

/// Of all files but the log that SQLite may keep next to a database, and its own caches.
std::vector<std::string> files_in(const std::string& folder) {
  std::vector<std::string> all;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string name = entry.path().string();
    if (!name.ends_with("-wal") && !name.ends_with("-shm") && name.find("/cache/") == std::string::npos &&
        name.find("-locks") == std::string::npos)
      all.push_back(name);
  }
  std::sort(all.begin(), all.end());
  return all;
}

long stride(long requests) {
  return qgetenv("GRAPEVINE_FAULTS") == "all" ? 1 : std::max(7L, requests / 120);
}

}  // namespace

class TestMemoryFaults : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase();
  void what_is_read_is_whole_or_refused_data();
  void what_is_read_is_whole_or_refused();

 private:
  /// In memory where it can be: the store writes through to the disk, thousands of times.
  QTemporaryDir home_{(QFileInfo("/dev/shm").isWritable() ? QString("/dev/shm") : QDir::tempPath()) +
                      "/memory-faults-XXXXXX"};
  std::string path(const std::string& name) const { return home_.path().toStdString() + "/" + name; }
  Reading made(const QString& kind) const;
};

void TestMemoryFaults::initTestCase() {
  qputenv("XDG_CACHE_HOME", QByteArray::fromStdString(path("cache")));
  use_data_dir(path("cache/data"));
  store(path("runs/g.db"));
}

void TestMemoryFaults::what_is_read_is_whole_or_refused_data() {
  QTest::addColumn<QString>("kind");
  for (const char* kind :
       {"experiment", "preset", "sweep", "lesson", "idx", "npz", "images", "text", "safetensors",
        "parameters as npz", "pt", "database", "db check", "merge", "run file", "curves", "backup"})
    QTest::newRow(kind) << QString(kind);
}

Reading TestMemoryFaults::made(const QString& kind) const {
  if (kind == "experiment") {
    write(path("race.json"),
          "{\"optimizer\": {\"lr\": 0.1}, \"race\": [{\"rule.name\": \"bp\"}, {\"rule\": {\"name\": "
          "\"dfa\"}}]}");
    return {path("race.json"), [file = path("race.json")] { return words_of(load_plan(file, {})); }};
  }
  if (kind == "preset")
    return {"first-race", [name = std::string("first-race")] { return words_of(load_plan(name, {})); }};
  if (kind == "sweep") {
    write(path("grid.json"), "{\"experiment\": {\"rule.name\": \"dfa\"}, \"grid\": {\"seed\": [0, 1, 2]}}");
    return {path("grid.json"), [file = path("grid.json")] {
              const Sweep sweep = load_sweep(file, {});
              failing_new::disarm();
              return sweep.uuid + std::to_string(sweep.cells.size());
            }};
  }
  if (kind == "lesson") {
    write(path("lesson.json"), every_part_of_a_lesson);
    return {path("lesson.json"), [file = path("lesson.json")] {
              const LessonPlan lesson = load_lesson(file);
              failing_new::disarm();
              return lesson.title + std::to_string(lesson.steps.size());
            }};
  }
  if (kind == "idx") {
    write(path("idx/train-images-idx3-ubyte"), idx({6, 2, 2}, 24));
    write(path("idx/train-labels-idx1-ubyte"), idx({6}, 6));
    write(path("idx/t10k-images-idx3-ubyte"), idx({3, 2, 2}, 12));
    write(path("idx/t10k-labels-idx1-ubyte"), idx({3}, 3));
    return images("idx", path("idx"));
  }
  if (kind == "npz") {
    ParameterFile arrays;
    arrays.arrays = {{"x_train", {"u8", {4, 2, 2}, std::vector<std::uint8_t>(16, 7)}},
                     {"y_train", {"u8", {4}, {0, 1, 0, 1}}},
                     {"x_test", {"u8", {2, 2, 2}, std::vector<std::uint8_t>(8, 9)}},
                     {"y_test", {"u8", {2}, {1, 0}}}};
    write(path("npz/a.npz"), to_npz(arrays));
    return images("npz", path("npz"));
  }
  if (kind == "images") {
    for (const char* place : {"train/cat", "train/dog", "test/cat", "test/dog"})
      for (const char* file : {"1.png", "2.png"}) {
        const fs::path to = path("images/" + std::string(place) + "/" + file);
        fs::create_directories(to.parent_path());
        fs::copy_file(seeds + "picture/colour.png", to, fs::copy_options::overwrite_existing);
      }
    return images("images", path("images"));
  }
  if (kind == "text") {
    std::string words;
    for (int line = 0; line < 200; ++line) words += "line " + std::to_string(line) + "\n";
    write(path("text/train.txt"), words);
    return text(path("text"));
  }
  if (kind == "safetensors" || kind == "parameters as npz") {
    ParameterFile file;
    file.arrays = {{"segments.0.0.weight", {"f32", {2, 3}, std::vector<std::uint8_t>(24)}}};
    file.metadata = {{"layers", "[[{\"type\": \"linear\"}]]"}};
    const std::string name = path(kind == "safetensors" ? "a.safetensors" : "parameters.npz");
    write(name, kind == "safetensors" ? to_safetensors(file) : to_npz(file));
    return parameters(name);
  }
  if (kind == "pt") {
    fs::copy_file(seeds + "parameters/torch", path("a.pt"));
    return parameters(path("a.pt"));
  }
  if (kind == "database") return database(path("runs/g.db"));
  if (kind == "db check")
    return {path("runs/g.db"), [file = path("runs/g.db")] {
              const DatabaseCheck found = check_database_file(file);
              failing_new::disarm();
              std::string words = std::to_string(found.readable) + "/" + std::to_string(found.runs);
              for (const std::string& problem : found.problems) words += ", " + problem;
              return words;
            }};
  if (kind == "merge")
    return taken_in(path(""), path("runs/g.db"), [file = path("runs/g.db")](const std::string& into) {
      return merge_database(into, file);
    });
  if (kind == "run file") {
    write_run_file(path("runs/g.db"), {single().uuids.front()}, path("a.run"), true);
    // Or of a checkpoint that was taken out of it, next to the database.
    return taken_in(path(""), path(""),
                    [file = path("a.run")](const std::string& into) { return import_run_file(into, file); });
  }
  if (kind == "curves") {
    write(path("curves.csv"), "step,train_loss,test_accuracy\n1,0.5,0.1\n2,0.25,0.2\n3,0.125,0.3\n");
    return taken_in(path(""), path("curves.csv"),
                    [file = path("curves.csv")](const std::string& into) -> MergeResult {
                      return import_curves(into, file);
                    });
  }
  return {path("runs/g.db"),
          [file = path("runs/g.db"), copy = path("copy.db")] {
            back_up_database(file, copy);
            failing_new::disarm();
            return std::string("copied");
          },
          [this] { fs::remove(path("copy.db")); }};
}

void TestMemoryFaults::what_is_read_is_whole_or_refused() {
  QFETCH(QString, kind);
  const Reading reading = made(kind);
  reading.before();
  const std::string whole = reading.read();
  reading.before();
  failing_new::arm(1L << 60);
  reading.read();
  const long requests = failing_new::disarm();
  int tried = 0, refused = 0;
  for (long n = 1;; n += stride(requests), ++tried) {
    reading.before();
    const std::vector<std::string> files = files_in(path(""));
    std::string result, words;
    failing_new::arm(n);
    try {
      result = reading.read();
    } catch (const Error& error) {
      words = error.what();
    } catch (const std::exception& error) {
      words = std::string("not one of ours: ") + error.what();
    }
    failing_new::disarm();
    const std::string where = kind.toStdString() + ", request " + std::to_string(n) + ": ";
    if (words.empty()) {
      QVERIFY2(result == whole, (where + result + " instead of " + whole).c_str());
    } else {
      ++refused;
      QVERIFY2(words.starts_with("not enough memory to read ") && has(words, reading.names),
               (where + words).c_str());
      for (const std::string& file : reading.done() ? files : files_in(path("")))
        QVERIFY2(std::find(files.begin(), files.end(), file) != files.end(),
                 (where + file + " was left behind").c_str());
    }
    if (!failing_new::struck) break;
  }
  qInfo("%s: %d of %ld requests failed, %d times it was refused", qPrintable(kind), tried, requests, refused);
  QVERIFY(kind == "preset" || refused > 0);
  reading.before();
  QCOMPARE(reading.read(), whole);
}

QTEST_GUILESS_MAIN(TestMemoryFaults)
#include "test_memory_faults.moc"
