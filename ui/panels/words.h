// The words of the forms and tables, made from the registry's keys, and numbers as people read them. Any
// thread.
#pragma once

#include <QString>
#include <QStringList>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/experiment/experiment.h"
#include "engine/plans/plan.h"
#include "engine/runs/run_status.h"

namespace grapevine {

struct RunData;

/// "optimizer.weight_decay" → "Weight decay".
QString label_of_key(std::string_view key);
/// "Fashion-MNIST" for data.name's fashion_mnist; a choice that the registry has no name for is shown as it
/// is.
QString name_of_choice(std::string_view key, const std::string& choice);
/// The engine's sentence with the form's labels where it has keys: "optimizer.lr=0" → "Optimizer: lr 0".
QString in_form_words(const std::string& sentence);
/// The keys of settings that a sentence names, in its order.
std::vector<std::string> keys_in(const std::string& sentence);
/// What is before the first dot ("" for "seed"): the key of a form's section.
QString section_of_key(std::string_view key);
/// What a form calls a group of settings (Setting::group).
QString title_of_group(const std::string& group);

/// "GrAPE", or the key itself for a rule that the registry doesn't know (a run of a newer version).
QString name_of_rule(std::string_view rule);
/// The racers' names (racer_labels) as all runs are called in the window: "GrAPE · align_rate 0.01", "DFA ·
/// seed 2"; names that a user gave stay.
QStringList names_of_racers(const std::vector<Experiment>& racers);
/// "out_of_reach" → "Out of reach".
QString sentence_case(QString words);
/// "Running"; what another version wrote as it came.
QString word_of_status(const StatusWord& status);

/// 1234567 → "1.23 M"; with `unit` "FLOP": "1.23 MFLOP".
QString short_count(double count, const QString& unit = {});
QString short_bytes(double bytes);
/// 0.8512 → "85.1 %"; NaN → "".
QString percent(double share);
/// "2025-01-31T12:00:00Z" → the user's own time, short; unreadable text stays as it is.
QString local_time(const QString& iso);
/// 1,234 with the user's separators.
QString grouped(std::int64_t number);

}  // namespace grapevine
