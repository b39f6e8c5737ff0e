// How every fault program ends: what was wrong, its counts as a report, its exit code.
import { writeFileSync } from 'node:fs';

export function conclude(faults, report) {
  for (const fault of faults) console.log(`  wrong: ${fault}`);
  const failed = faults.length > 0 ? 1 : 0;
  if (report) writeFileSync(report, JSON.stringify({ passed: 1 - failed, failed }));
  process.exitCode = failed;
}
