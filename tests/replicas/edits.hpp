// Random ops of every kind in the registry, as a person's program would make them.
#pragma once

#include "replicas/random.hpp"
#include "vuer_rtc/value.hpp"

namespace vuer_rtc::testing {

/// One op as MessagePack. Text ops come in position form: the store turns them into ids. `trig`:
/// applyEuler too, which the model computes with another sine.
Bytes random_op(Random& random, bool trig);

/// The op that makes the first node; every document starts with it.
Bytes root_op();

}  // namespace vuer_rtc::testing
