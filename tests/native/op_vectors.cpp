// Finds the vectors of the operations.
#include "op_vectors.hpp"

#include "json_messages.hpp"

namespace vuer_rtc {

const std::vector<std::string>& registered_operations() {
  static const std::vector<std::string> names = {
#define OPERATION(symbol, name, ...) name,
#include "ops/registry.def"
#undef OPERATION
  };
  return names;
}

nlohmann::json cases_of(const std::string& wire_name) {
  return parse_json(read_test_file("vectors/ops/" + wire_name + ".json"));
}

}  // namespace vuer_rtc
