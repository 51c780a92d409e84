// How the samples' angles between δ_l and BP's are spread: quantiles in degrees.
#pragma once

#include "engine/experiment/measure.h"

namespace grapevine {

inline ProbeDescriptor describe_measure_sample_angles() {
  const auto quantile = [](const char* percent, const char* which, const char* help,
                           Needle needle = Needle::none) {
    return shown_by_needle(in_degrees(point_measure(std::string("sample_angle_p") + percent,
                                                    std::string("angle, ") + which, help, Better::down)),
                           needle);
  };
  return {
      .measure = in_degrees(
          point_measure("sample_angles", "angles of samples",
                        "quantiles over the probe batch of the angle between a sample's signal and "
                        "BP's, in degrees; samples without a signal are left out",
                        Better::down)),
      .beside = {quantile("10", "10 %", "a tenth of the samples' signals are nearer to BP's", Needle::low),
                 quantile("25", "25 %", "a quarter of the samples' signals are nearer to BP's"),
                 quantile("50", "median", "half of the samples' signals are nearer to BP's", Needle::median),
                 quantile("75", "75 %", "three quarters of the samples' signals are nearer to BP's"),
                 quantile("90", "90 %", "nine tenths of the samples' signals are nearer to BP's",
                          Needle::high)},
      .needs = {Need::own_signals, Need::bp_signals},
      .is_family = true};
}

}  // namespace grapevine
