// The types that bindings.cpp passes through embind. It stands in the place of Emscripten's own
// list (system/lib/embind/bind.cpp), whose memory views, wide strings and printf nobody here calls:
// the linker takes a library's file only for symbols that are still missing.
#include <emscripten/bind.h>
#include <emscripten/emscripten.h>

#include <cstdlib>
#include <limits>
#include <string>
#include <typeinfo>

namespace {

using emscripten::internal::TypeID;

template <class T>
void register_integer(const char* name) {
  emscripten::internal::_embind_register_integer(TypeID<T>::get(), name, sizeof(T),
                                                 std::numeric_limits<T>::min(),
                                                 std::numeric_limits<T>::max());
}

}  // namespace

extern "C" {

/// What the glue's errors call a type that was never registered; the glue frees the text.
EMSCRIPTEN_KEEPALIVE char* __getTypeName(const std::type_info*) {
  return static_cast<char*>(std::calloc(1, 1));
}

EMSCRIPTEN_KEEPALIVE __attribute__((constructor)) void
__embind_register_native_and_builtin_types() {
  using namespace emscripten::internal;
  _embind_register_void(TypeID<void>::get(), "void");
  _embind_register_bool(TypeID<bool>::get(), "bool", sizeof(bool), true, false);
  register_integer<int>("int");
  register_integer<unsigned>("unsigned int");
  _embind_register_float(TypeID<double>::get(), "double", sizeof(double));
  _embind_register_std_string(TypeID<std::string>::get(), "std::string");
}

}  // extern "C"
