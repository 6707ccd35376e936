import { execa } from 'execa'
import { interleave, median, type Bench } from './bench.ts'
import { cli } from './cli.ts'

/** What a person waits before anything happens. Runs what is built in dist. */
export const startUp: Bench = {
  name: 'start-up',
  async run() {
    const { help = [], bare = [] } = await interleave(15, {
      help: () => execa(process.execPath, [cli, '--help']),
      bare: () => execa(process.execPath, ['-e', '0']),
    })
    const run = await interleave(5, {
      run: () =>
        execa(process.execPath, [cli, 'run', 'bench/specs/one-test.spec.ts', '--env', 'sim-barebox.yaml']),
    })
    const runMs = median(run['run'] ?? [])
    const ratio = median(help) / median(bare)
    return [
      {
        what: 'hil --help',
        measured: `${median(help).toFixed(0)} ms`,
        peer: `node -e 0 ${median(bare).toFixed(0)} ms`,
        ratio,
        target: 'at most 3 times',
        met: ratio <= 3,
      },
      {
        what: 'a run on the simulator with a one-test spec',
        measured: `${runMs.toFixed(0)} ms`,
        target: 'under 2 s',
        met: runMs < 2000,
      },
    ]
  },
}
