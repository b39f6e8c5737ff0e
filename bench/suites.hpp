// The groups of workloads; each adds its figures to the report.
#pragma once

#include "report.hpp"
#include "workloads.hpp"

namespace bench {

void run_scene(Report& report);
void run_late(Report& report);
void run_text(Report& report, const char* trace_file);
void run_store(Report& report);
void run_large(Report& report);

}  // namespace bench
