// A language model from text to perplexity: it learns what there is to learn, a resumed run is the run, and
// the two perplexities are one loss.
#include <QTemporaryDir>
#include <QtTest>
#include <cmath>
#include <cstring>
#include <fstream>

#include "engine/batches/text_batches.h"
#include "engine/error.h"
#include "engine/experiment/registry.h"
#include "engine/training/race.h"

namespace grapevine {
namespace {

// Sentences of a small grammar: after an article comes a noun, then a verb. Every word has several letters,
// so that there is something to encode.
std::string sentences(std::int64_t seed, int count) {
  const std::vector<std::string> articles{"the", "a", "every", "some"},
      nouns{"teacher", "lantern", "harbour", "garden", "violin", "mountain", "letter", "window"},
      verbs{"follows", "paints", "carries", "forgets", "repairs", "describes"};
  const RandomKey key = RandomKey::of(seed, Stream::test);
  std::uint64_t draw = 0;
  const auto any = [&](const std::vector<std::string>& words) {
    return words[key.word(draw++) % words.size()];
  };
  std::string text;
  for (int i = 0; i < count; ++i)
    text += " " + any(articles) + " " + any(nouns) + " " + any(verbs) + " " + any(articles) + " " +
            any(nouns) + " . \n";
  return text;
}

const std::string& folder() {
  static const QTemporaryDir made;
  static const std::string path = [] {
    const std::string root = made.path().toStdString();
    qputenv("XDG_CACHE_HOME", made.filePath("cache").toUtf8());
    std::ofstream(root + "/wiki.train.tokens") << sentences(1, 1500);
    std::ofstream(root + "/wiki.valid.tokens") << sentences(2, 60);
    std::ofstream(root + "/wiki.test.tokens") << sentences(3, 60);
    return root;
  }();
  return path;
}

Experiment small(const std::string& rule, const std::string& points = "macro",
                 const std::string& dropout = "0") {
  Experiment experiment(rule);
  for (const auto& [key, value] : std::map<std::string, std::string>{{"data.name", "wikitext2"},
                                                                     {"data.dir", folder()},
                                                                     {"data.vocabulary", "300"},
                                                                     {"data.context", "12"},
                                                                     {"model.name", "transformer"},
                                                                     {"model.d_model", "16"},
                                                                     {"model.d_ff", "32"},
                                                                     {"model.depth", "2"},
                                                                     {"model.heads", "2"},
                                                                     {"model.dropout", dropout},
                                                                     {"model.feedback_points", points},
                                                                     {"optimizer.lr", "0.003"},
                                                                     {"train.batch", "16"},
                                                                     {"train.epochs", "1"},
                                                                     {"probe.every", "20"},
                                                                     {"probe.batch", "8"},
                                                                     {"threads", "1"}})
    experiment.set_text(key, value);
  if (rule == "grape") experiment.set_text("calibration.when", "epochs");
  return experiment;
}

std::map<std::string, double> last_values(const Report& report, int racer) {
  std::map<std::string, double> last;
  for (const Sample& sample : report.samples)
    if (sample.racer == racer && sample.point == 0) last[measures()[sample.measure].key] = sample.value;
  return last;
}

// What is reached by knowing how often each token comes in the training text, and no more.
double perplexity_of_frequencies(const TextBatches& text) {
  const at::Tensor count =
      at::bincount(text.drawn(RandomKey::of(1, Stream::test), text.train_count()).y, {}, 300).to(at::kDouble);
  const at::Tensor log_p = ((count + 1) / (count + 1).sum()).log();
  return std::exp(-log_p.index_select(0, text.test(0, text.test_count()).y).mean().item<double>());
}

}  // namespace

class TestLanguageModel : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  // Before anything is computed, with what it would cost.
  void the_exact_jacobian_is_no_lesion_here() {
    for (const char* rule : {"dfa", "grape"}) {
      Race race({small(rule)});
      race.prepare();
      race.check(parse_change("lesion:1:randomise"));
      try {
        race.check(parse_change("lesion:1:jacobian"));
        QFAIL("only an estimate could be had");
      } catch (const InputError& error) {
        const QString said = error.what();
        QVERIFY2(said.contains("of a language model") && said.contains("only an estimate") &&
                     said.contains("adjoint sweeps"),
                 error.what());
      }
    }
  }

  // models/transformer.cpp's layers, listed by the experiment: the same run to the last bit.
  void a_listed_transformer_learns_what_the_built_in_one_does() {
    const std::string block = R"({"type": "residual", "body": [{"type": "linear", "out": 48},
        {"type": "attention", "heads": 2}, {"type": "linear", "out": 16}]}, {"type": "layer_norm"},
      {"type": "residual", "body": [{"type": "linear", "out": 32}, {"type": "relu"}, {"type": "linear", "out": 16}]},
      {"type": "layer_norm"}])";
    std::vector<Experiment> racers;
    for (const char* rule : {"bp", "grape"}) racers.push_back(small(rule));
    std::vector<Experiment> listed = racers;
    for (Experiment& one : listed) {
      one.set_text("model.name", "custom");
      one.set_text("model.segments", R"([[{"type": "embedding", "out": 16}, {"type": "positions"}, )" +
                                         block + ", [" + block + "]");
    }
    const auto numbers = [](const std::vector<Experiment>& all) {
      Race race(all);
      race.prepare();
      Report report;
      while (race.step(report)) {
      }
      std::vector<double> values;
      for (const Sample& sample : report.samples)
        if (!measures()[sample.measure].key.ends_with("_seconds")) values.push_back(sample.value);
      return values;
    };
    const std::vector<double> built = numbers(racers);
    QVERIFY(built.size() > 100);
    QVERIFY(numbers(listed) == built);
  }

  void rules_learn_the_grammar() {
    const std::vector<std::string> rules{"bp", "dfa", "grape", "residual", "fa", "kp", "dkp", "fdfa"};
    std::vector<Experiment> racers;
    for (const auto& rule : rules) racers.push_back(small(rule, "micro", "0.1"));
    Race race(racers);
    race.prepare();
    Report report;
    while (race.step(report)) {
    }
    const TextBatches text(BatchSettings::of(racers.front()), at::TensorOptions().dtype(at::kFloat));
    const double blind = perplexity_of_frequencies(text);
    for (std::size_t i = 0; i < rules.size(); ++i) {
      const auto last = last_values(report, static_cast<int>(i));
      QVERIFY2(last.count("test_accuracy") == 0 && last.count("accuracy") == 0, rules[i].c_str());
      const double loss = last.at("test_loss"), perplexity = last.at("test_perplexity");
      QVERIFY(std::abs(perplexity - std::exp(loss)) < 1e-9 * perplexity);
      // The same bits, counted by published word: per-token loss times tokens a word.
      const double by_word = std::log(last.at("test_word_perplexity"));
      QVERIFY(std::abs(by_word - loss * text.tokens_per_word(true)) < 1e-9 * by_word);
      // Matrices that stay random leave the blocks to drift: the decoder alone learns how often tokens come.
      const bool aligned = rules[i] == "bp" || rules[i] == "grape" || rules[i] == "residual";
      QVERIFY2(perplexity < blind * (aligned ? 0.8 : 1.2),
               qPrintable(QString("%1: %2, of %3").arg(rules[i].c_str()).arg(perplexity).arg(blind)));
    }
  }

  void batches_made_on_the_device_are_those_of_the_host() {
    const Experiment experiment = small("dfa", "macro", "0");
    const at::TensorOptions f32 = at::TensorOptions().dtype(at::kFloat);
    TextBatches host(BatchSettings::of(experiment), f32), device(BatchSettings::of(experiment), f32);
    device.keep_on(at::kCPU);
    const auto same = [](const Batch& a, const Batch& b) {
      return at::equal(a.x, b.x) && at::equal(a.y, b.y);
    };
    for (std::int64_t index = 0; index < host.per_epoch(); ++index)
      QVERIFY(same(host.training(1, index), device.training(1, index)));
    QVERIFY(same(host.test(0, host.test_count()), device.test(0, host.test_count())));
    QVERIFY(same(host.validation(0, 1), device.validation(0, 1)));
  }

  void a_resumed_run_is_the_run() {
    const std::vector<Experiment> racers{small("grape", "micro", "0.1"), small("residual", "macro", "0.1")};
    Race whole(racers);
    const RaceInfo info = whole.prepare();
    Report report;
    CheckpointSet middle;
    const std::int64_t stop = info.total_steps / 2;
    while (whole.step(report))
      if (whole.step_count() == stop) middle = whole.checkpoint();
    Race resumed(racers);
    resumed.prepare();
    resumed.restore(middle);
    Report rest;
    while (resumed.step(rest)) {
    }
    const CheckpointSet a = whole.checkpoint(), b = resumed.checkpoint();
    for (std::size_t i = 0; i < racers.size(); ++i)
      for (const auto& [name, array] : a.racers[i].arrays)
        QVERIFY2(b.racers[i].arrays.at(name).bytes == array.bytes, name.c_str());
  }

  void pieces_ask_for_the_next_token() {
    const Experiment experiment = small("bp");
    const TextBatches text(BatchSettings::of(experiment), at::TensorOptions().dtype(at::kFloat));
    const Batch first = text.test(0, 3);
    QCOMPARE(first.x.sizes().vec(), (std::vector<std::int64_t>{3, 12}));
    const at::Tensor y = first.y.view({3, 12});
    QVERIFY(at::equal(y.narrow(1, 0, 11), first.x.narrow(1, 1, 11)));
    QVERIFY(at::equal(y.select(1, 11).narrow(0, 0, 2), first.x.select(1, 0).narrow(0, 1, 2)));
    QVERIFY(text.validation_count() > 0);
    const Batch chosen = first.rows(at::tensor({2}, at::kLong));
    QVERIFY(at::equal(chosen.x[0], first.x[2]) && at::equal(chosen.y, y[2]));
    QVERIFY_EXCEPTION_THROWN(text.balanced(RandomKey::of(1, Stream::test), 10, 10), std::exception);
  }
};

}  // namespace grapevine

QTEST_GUILESS_MAIN(grapevine::TestLanguageModel)
#include "test_language_model.moc"
