import { findProgram } from '../core/find-program.ts'
import { HilError } from '../core/errors.ts'

/**
 * The command line that runs `argv` in such a way that the kernel kills it when this process ends,
 * however it ends: `kill -9` runs no handler of ours, and an emulator left behind would hold the
 * board. `setpriv` (util-linux, essential in Debian and Ubuntu) asks for it with
 * `PR_SET_PDEATHSIG`, prctl(2); both steps `exec`, so the process id stays that of the program.
 *
 * The signal comes when the *thread* that started the program ends: start long-lived programs from
 * the main thread.
 *
 * @throws HilError `process.no-setpriv` (environment)
 */
export async function dieWithParent(argv: readonly string[]): Promise<[file: string, ...args: string[]]> {
  const setpriv = await findProgram('setpriv')
  if (setpriv === undefined) {
    throw new HilError(
      'process.no-setpriv',
      'setpriv is not in PATH, and without it a killed hil would leave its programs running; install util-linux 2.33 or later',
      { blame: 'environment' },
    )
  }
  return [setpriv, '--pdeathsig', 'KILL', '/bin/sh', '-c', unlessOrphan, String(process.pid), ...argv]
}

/** Had we died before the signal was asked for, the program would belong to init by now. */
const unlessOrphan = '[ "$PPID" = "$0" ] && exec "$@"'
