// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Decoding a frame: under 200 ns and without an allocation for glucose and weight.
#include <benchmark/benchmark.h>

#include "ble/gatt/blood_pressure.h"
#include "ble/gatt/glucose_measurement.h"
#include "ble/gatt/health_observation.h"
#include "ble/gatt/weight_measurement.h"
#include "tests/bench/allocations.h"

namespace vardnav::ble::gatt {
namespace {

constexpr double kLimitNanoseconds = 200;

enum class Allocates : bool { kNever, kMay };

template <auto decode>
void decodeFrame(benchmark::State& state, const char* hex, Allocates allocates) {
  const Bytes octets = fromHex(hex).value();
  if (!decode(octets)) {
    state.SkipWithError("the frame is refused");
    return;
  }
  const std::size_t before = bench::allocations();
  for (auto _ : state) {
    ByteView view = octets;
    benchmark::DoNotOptimize(view);
    auto decoded = decode(view);
    benchmark::DoNotOptimize(decoded);
  }
  const bool hasAllocated = bench::allocations() != before;
  if (allocates == Allocates::kMay) return;
  state.counters["limit_ns"] = kLimitNanoseconds;
  if (hasAllocated) state.SkipWithError("decoding allocates");
}

// gls-03, wss-04 with a date, bls-07 and ghs-03 of tests/data/ble_vectors.jsonl.
void glucose(benchmark::State& state) {
  decodeFrame<decodeGlucoseMeasurement>(state, "1F0200E40705150A1E2D00005100140600",
                                        Allocates::kNever);
}
BENCHMARK(glucose);

void weight(benchmark::State& state) {
  decodeFrame<decodeWeightMeasurement>(state, "0EB036E7070C190E1E2D05F500D606", Allocates::kNever);
}
BENCHMARK(weight);

void bloodPressure(benchmark::State& state) {
  decodeFrame<decodeBloodPressureMeasurement>(state, "1F790051006A00E90705150A1E2D4800010600",
                                              Allocates::kNever);
}
BENCHMARK(bloodPressure);

void compoundHealthObservation(benchmark::State& state) {
  decodeFrame<decodeHealthFrame>(
      state,
      "0735001300044A020022729D2B290000060040E2010003054A020001200F64000000064A020001200F3C00000007"
      "4A020001200F50000000",
      Allocates::kMay);
}
BENCHMARK(compoundHealthObservation);

}  // namespace
}  // namespace vardnav::ble::gatt
