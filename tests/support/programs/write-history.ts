import { openHistory } from '../../../src/history/database/open-history.ts'
import { importRun } from '../../../src/history/import-run.ts'
import type { HistoryLocation } from '../../../src/history/location.ts'
import { makeResult, makeRun } from '../../unit/history/run-results.ts'

/** Writes runs into a history as fast as it can: `<location as JSON> <name> <count>`. */
const [location = '', name = '', count = ''] = process.argv.slice(2)

await using history = await openHistory(JSON.parse(location) as HistoryLocation)
for (let number = 1; number <= Number(count); number++) {
  await importRun(history.db, makeRun(0, { tests: [makeResult('passed')] }))
  await importRun(history.db, makeRun(number, { id: `${name}-${number}`, tests: [makeResult('passed')] }))
}
