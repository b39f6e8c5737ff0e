// The version of the core and of the two formats that outlive a process.
#pragma once

namespace vuer_rtc {

inline constexpr const char* kVersion = "0.1.0";
/// Version of the compact snapshot (law, section 8); written into each one.
inline constexpr int kSnapshotVersion = 1;

}  // namespace vuer_rtc
