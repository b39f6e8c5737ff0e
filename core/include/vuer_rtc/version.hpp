// The version of the core and of the two formats that outlive a process.
#pragma once

namespace vuer_rtc {

inline constexpr const char* kVersion = "0.1.0";
/// Versions of the compact snapshot, written into each one: texts in columns, and the plain form of
/// the law (section 8).
inline constexpr int kSnapshotVersion = 2;
inline constexpr int kPlainSnapshotVersion = 1;

}  // namespace vuer_rtc
