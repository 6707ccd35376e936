import { spawn } from 'node:child_process'

/**
 * Ends what a program of ours has put into the background, when this process ends and could not do so itself (`kill -9`,
 * out of memory): of the program alone the kernel takes care (`dieWithParent`). What has left the process group
 * (`setsid`, a daemon such as the master of an ssh that others share) is left alone, as by `endProcessGroup`.
 *
 * @param pid of the leader of the group
 * @returns what calls the guard off: to be done as soon as the leader has ended, for then its number is free for others
 */
export function guardGroup(pid: number): Disposable {
  // A session of its own: what ends the group of this process does not end it.
  const guard = spawn('/bin/sh', ['-c', unlessCalledOff, 'hil-guard', String(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  const { stdin } = guard
  for (const emitter of [guard, stdin]) emitter.on('error', () => undefined)
  guard.unref()
  if ('unref' in stdin) (stdin as unknown as { unref(): void }).unref()
  return {
    [Symbol.dispose]: () => {
      stdin.end('done\n')
    },
  }
}

/** The other end of its stdin is ours alone: the kernel closes it when this process ends, however that is. */
const unlessCalledOff = 'read -r _ || kill -s KILL -- "-$1"'
