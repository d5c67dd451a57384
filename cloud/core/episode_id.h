// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The identifier of an episode: 32 lower-case digits, opaque. Any thread.
#pragma once

#include "pipelines/model/ids.h"

namespace vardnav::cloud {

using EpisodeId = Id<struct EpisodeTag>;

}  // namespace vardnav::cloud
