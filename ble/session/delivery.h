// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Hands records to the sink in order, without waiting for the commit of each: those that have come
// may be committed together. Internal to this folder; loop thread only.
#pragma once

#include <deque>
#include <functional>
#include <memory>

#include "ble/session/record_sink.h"
#include "pipelines/model/error.h"

namespace vardnav::ble {

class Delivery {
 public:
  /// `complete` fills in what is known only at delivery. `settled` is called when nothing is left,
  /// `failed` when the sink could not store a record: nothing is delivered from then on.
  struct Hooks {
    std::function<void(RawRecord&)> complete;
    std::function<void()> settled;
    std::function<void(const Error&)> failed;
  };

  Delivery(RecordSink& sink, Hooks hooks);

  /// Waits until release(). `committed` follows this record's commit, and nothing else.
  void push(RawRecord record, std::function<void()> committed = {});
  void release();

  bool isSettled() const { return inFlight_ == 0 && waiting_.empty(); }
  unsigned committed() const { return committed_; }
  /// Not stored, or not delivered because an earlier one was not.
  unsigned refused() const { return refused_; }

 private:
  struct Waiting {
    RawRecord record;
    std::function<void()> committed;
  };

  void pump();
  void onAnswer(const Result<void>& result, const std::function<void()>& committed);

  RecordSink& sink_;
  Hooks hooks_;
  std::deque<Waiting> waiting_;
  bool isReleased_ = false;
  bool isPumping_ = false;
  bool hasFailed_ = false;
  unsigned inFlight_ = 0;  ///< with the sink, not answered yet
  unsigned committed_ = 0;
  unsigned refused_ = 0;
  std::shared_ptr<const char> alive_ = std::make_shared<const char>();
};

}  // namespace vardnav::ble
