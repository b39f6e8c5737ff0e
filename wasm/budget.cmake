# Prints the size of the module, raw and gzipped, and fails when it is over RAW or GZIP bytes.
file(SIZE ${WASM} raw)
execute_process(COMMAND gzip -9 -n -c ${WASM} OUTPUT_FILE ${WASM}.gz COMMAND_ERROR_IS_FATAL ANY)
file(SIZE ${WASM}.gz packed)
file(REMOVE ${WASM}.gz)
message(STATUS "vuer_rtc.wasm: ${raw} bytes, ${packed} gzipped (budget ${RAW}, ${GZIP})")
if(raw GREATER ${RAW} OR packed GREATER ${GZIP})
  message(FATAL_ERROR "vuer_rtc.wasm is over its size budget")
endif()
