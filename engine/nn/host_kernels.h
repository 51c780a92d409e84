// Batch norm and max pooling over contiguous N×C×H×W arrays in the host's memory, where LibTorch's kernels
// take several times what memory allows (`make bench`: resnet20, lenet5). Each function does one channel or
// one plane, so that the caller can share them out over threads. Any thread may call.
#pragma once

#include <cstdint>

namespace grapevine {

/// N×C×P, P = H·W.
struct Planes {
  std::int64_t samples, channels, pixels;
};

struct Moments {
  double mean, variance;  ///< over samples and pixels, N·P of them; the variance divides by their number
};
Moments channel_moments(const float* h, Planes planes, std::int64_t channel);
Moments channel_moments(const double* h, Planes planes, std::int64_t channel);

/// y = (h − mean) · scale + shift.
void normalise_channel(const float* h, float* y, Planes planes, std::int64_t channel, double mean,
                       double scale, double shift);
void normalise_channel(const double* h, double* y, Planes planes, std::int64_t channel, double mean,
                       double scale, double shift);

struct Products {
  double sum, with_deviation;  ///< Σ v and Σ v (h − mean)
};
Products channel_products(const float* v, const float* h, Planes planes, std::int64_t channel, double mean);
Products channel_products(const double* v, const double* h, Planes planes, std::int64_t channel, double mean);

/// out = a v + b (h − mean) + c.
void combine_channel(const float* v, const float* h, float* out, Planes planes, std::int64_t channel,
                     double a, double b, double mean, double c);
void combine_channel(const double* v, const double* h, double* out, Planes planes, std::int64_t channel,
                     double a, double b, double mean, double c);

/// Windows of kernel × kernel every stride pixels; those that fit whole.
struct Windows {
  std::int64_t height, width, kernel, stride;
  std::int64_t rows() const { return (height - kernel) / stride + 1; }
  std::int64_t columns() const { return (width - kernel) / stride + 1; }
  /// A choice within a window is one byte.
  bool fits() const { return kernel * kernel <= 256; }
};

/// The largest value of each window of a plane, and its place in the window, y · kernel + x. Of equal ones
/// the first; a NaN is larger than any number, as in LibTorch.
void pool_plane(const float* h, float* y, std::uint8_t* choice, Windows windows);
void pool_plane(const double* h, double* y, std::uint8_t* choice, Windows windows);
/// out = v at the chosen places.
void gather_plane(const float* v, const std::uint8_t* choice, float* out, Windows windows);
void gather_plane(const double* v, const std::uint8_t* choice, double* out, Windows windows);
/// The adjoint: out (height × width) = v added up at the chosen places, 0 elsewhere.
void scatter_plane(const float* v, const std::uint8_t* choice, float* out, Windows windows);
void scatter_plane(const double* v, const std::uint8_t* choice, double* out, Windows windows);

}  // namespace grapevine
