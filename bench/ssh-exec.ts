import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { startDeadline } from '../src/core/deadline.ts'
import { createTestContext } from '../tests/support/driver-context.ts'
import { requirement } from '../tests/support/requirements.ts'
import { openSshSession } from '../tests/support/ssh/ssh-session.ts'
import { interleave, median, type Bench } from './bench.ts'

const rounds = 30

/** What a command costs on a connection that is there, beside ssh on one that a master of its own keeps. */
export const sshExec: Bench = {
  name: 'ssh-exec',
  unavailable: () => {
    const { available, reason } = requirement('sshd')
    return Promise.resolve(available ? undefined : reason)
  },
  async run() {
    const context = await createTestContext()
    const directory = mkdtempSync(join(tmpdir(), 'hil-bench-'))
    using t = startDeadline(300_000, 'the bench')
    try {
      const { session, sshd } = await openSshSession(context, t)
      const socket = join(directory, 'master')
      const options = ['-F', 'none', '-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null']
      const target = ['-q', '-S', socket, '-i', sshd.key, '-p', String(sshd.port), `${sshd.user}@127.0.0.1`]
      execFileSync('ssh', [...options, '-M', '-f', '-N', ...target], { stdio: 'ignore' })
      try {
        const times = await interleave(rounds, {
          ours: () => session.run('true', t),
          theirs: () => execa('ssh', [...target, 'true']),
        })
        const [ours, theirs] = [median(times['ours'] ?? []), median(times['theirs'] ?? [])]
        return [
          {
            what: 'the command true over SSH, on a connection that is there',
            measured: `${ours.toFixed(1)} ms`,
            peer: `ssh with ControlMaster ${theirs.toFixed(1)} ms`,
            ratio: ours / theirs,
            target: 'less than 1.1 times',
            met: ours / theirs < 1.1,
          },
        ]
      } finally {
        execFileSync('ssh', ['-O', 'exit', ...target], { stdio: 'ignore' })
      }
    } finally {
      await context.release()
      rmSync(directory, { recursive: true, force: true })
    }
  },
}
