import { thisProcess } from '../../lab/lease/holder.ts'
import { announceRun } from '../../lab/lease/live-runs.ts'
import type { NamedSocket } from '../../lab/lease/named-socket.ts'
import type { Reporter } from '../../report/reporter.ts'

/** Lets `hil console --watch` find the run: those who watch read its report, and ask nothing of it. */
export function announceReporter(report: string): Reporter {
  const boards: string[] = []
  let announced: Promise<NamedSocket | undefined> | undefined
  return {
    name: 'whoever watches',
    event(event) {
      if (event.type === 'run-started') {
        const { environmentFile, argv } = event
        const run = { holder: thisProcess(argv.join(' ')), environmentFile, report, boards }
        // A run that nobody can watch is a run all the same.
        announced = announceRun(run).catch(() => undefined)
      } else if (event.type === 'board-taken') boards.push(event.board)
      else if (event.type === 'board-released') boards.splice(boards.indexOf(event.board), 1)
    },
    async end() {
      await (await announced)?.close()
    },
  }
}
