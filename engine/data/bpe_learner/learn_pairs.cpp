// grapevine-learn-pairs VOCABULARY: reads lines "word TAB count" from standard input, learns a byte-pair
// encoding of at most so many tokens, and writes it to standard output. A program of its own, because
// sentencepiece's learning can't be interrupted and a program can (bpe_learning.cpp starts and ends it).
#include <sentencepiece_trainer.h>
#include <sys/prctl.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <new>
#include <string>
#include <unordered_map>

#include "engine/data/bpe.h"

namespace {

/// The counted words as the trainer reads them, which it does once.
class Lines : public sentencepiece::SentenceIterator {
 public:
  Lines() { Next(); }
  bool done() const override { return !std::cin; }
  void Next() override { std::getline(std::cin, line_); }
  const std::string& value() const override { return line_; }
  sentencepiece::util::Status status() const override { return {}; }

 private:
  std::string line_;
};

std::unordered_map<std::string, std::string> how_to_learn(const std::string& vocabulary) {
  using grapevine::Encoding;
  return {
      {"input_format", "tsv"},
      {"model_type", "bpe"},
      {"vocab_size", vocabulary},
      {"hard_vocab_limit", "false"},  // a small text has fewer
      {"normalization_rule_name", "identity"},
      {"byte_fallback", "true"},
      {"max_sentence_length", "1000000000"},
      {"num_threads", "1"},
      {"unk_id", std::to_string(Encoding::unknown_id)},
      {"eos_id", std::to_string(Encoding::end_of_line_id)},
      {"eos_piece", "<eos>"},
      {"bos_id", "-1"},
      {"pad_id", "-1"},
      {"minloglevel", "3"},
  };
}

int learn(const std::string& vocabulary) {
  Lines lines;
  std::string model;
  const auto status = sentencepiece::SentencePieceTrainer::Train(how_to_learn(vocabulary), &lines, &model);
  if (!status.ok()) {
    std::cerr << status.ToString() << '\n';
    return 1;
  }
  std::cout.write(model.data(), static_cast<std::streamsize>(model.size())).flush();
  return std::cout ? 0 : 1;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::cerr << "grapevine-learn-pairs VOCABULARY < words-and-counts > encoding\n";
    return 2;
  }
  prctl(PR_SET_PDEATHSIG, SIGKILL);  // nobody is left to want the result
  std::signal(SIGINT, SIG_IGN);      // Ctrl-C in a terminal is for the program that started this one
  std::ios::sync_with_stdio(false);
  try {
    return learn(arguments[1]);
  } catch (const std::bad_alloc&) {
    return grapevine::learner_lacks_memory;
  }
}
