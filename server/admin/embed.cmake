# Writes the files of a folder into one C++ source: cmake -DFOLDER=... -DOUTPUT=... -P embed.cmake
file(GLOB files ${FOLDER}/*.html ${FOLDER}/*.css ${FOLDER}/*.js)
set(rows)
foreach(file ${files})
  get_filename_component(name ${file} NAME)
  file(READ ${file} bytes HEX)
  string(REGEX REPLACE "(..)" "\\\\x\\1" bytes "${bytes}")
  # Literals of bounded length, joined by the compiler.
  string(REGEX REPLACE "(................................................................)" "\\1\"\n     \"" bytes "${bytes}")
  string(APPEND rows "    {\"${name}\",\n     \"${bytes}\"sv},\n")
endforeach()
file(WRITE ${OUTPUT}.new "// Generated from the files of server/admin.
#include \"http/admin_files.hpp\"

namespace vuer_rtc::server {
using namespace std::string_view_literals;

std::span<const AdminFile> admin_files() {
  static constexpr AdminFile kFiles[] = {
${rows}  };
  return kFiles;
}

}  // namespace vuer_rtc::server
")
execute_process(COMMAND ${CMAKE_COMMAND} -E copy_if_different ${OUTPUT}.new ${OUTPUT})
