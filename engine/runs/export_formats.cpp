#include "engine/runs/export_formats.h"

#include "engine/experiment/nearest.h"

namespace grapevine {

const std::vector<ExportFormat>& export_formats() {
  static const std::vector<ExportFormat> all = {
      {"csv", "Results and curves, CSV",
       "one line per value: measure, point, step, epoch, seconds, value; of several runs with run, name, "
       "rule, "
       "seed before",
       true},
      {"json", "Results and curves, JSON", "the results and all curves; of several runs {\"runs\": […]}",
       true},
      {"html", "Report, HTML",
       "a page with figures, results, settings that differ, versions, digests of the data and the commands "
       "that "
       "repeat it",
       true},
      {"svg", "Figures, SVG",
       "figures of scores, loss and alignment, one below the other, or as --columns, --width and similar "
       "options say",
       true},
      {"pdf", "Figures, PDF", "the same as a page", true},
      {"png", "Figures, PNG", "the same as a picture", true},
      {"tensorboard", "TensorBoard, of several runs a folder",
       "an event file (its name must contain tfevents for TensorBoard to see it); with a folder as -o, "
       "one folder per run",
       false, false, true},
      {"run", "Runs of Grapevine",
       "one file with experiment, curves, events and commands, for import (--with-checkpoint: the state "
       "too)",
       true},
      {"checkpoint", "State to continue from", "the state from which a run continues", false, true},
      {"safetensors", "Parameters, safetensors", "the network's parameters under PyTorch's names", false,
       true},
      {"curves.npz", "Curves for NumPy",
       "the curves for NumPy: an array per measure and point with the columns step, epoch, seconds, value; "
       "of several runs RUN/MEASURE",
       true},
      {"npz", "Parameters for NumPy", "the same for NumPy", false, true},
      {"pt", "Parameters for PyTorch", "the same for torch.load", false, true},
  };
  return all;
}

const ExportFormat* export_format_of(std::string_view file) {
  // A file that is called curves.npz means it too.
  const std::string name = "." + in_lower_case(file.substr(file.rfind('/') + 1));
  const ExportFormat* longest = nullptr;
  for (const ExportFormat& format : export_formats())
    if (name.ends_with("." + format.name) && (!longest || format.name.size() > longest->name.size()))
      longest = &format;
  return longest;
}

}  // namespace grapevine
